#include "netfakes/sip_wire.hpp"

#include <fmt/format.h>
#include <osip2/osip_time.h>
#include <osipparser2/osip_message.h>
#include <osipparser2/osip_parser.h>

#include <algorithm>
#include <charconv>
#include <cstdarg>
#include <mutex>

namespace provlab::netfakes {

namespace {

std::string_view view(const char* text) {
  return text == nullptr ? std::string_view() : std::string_view(text);
}

/// A copy that libosip2 may free.
char* owned(std::string_view text) {
  char* copy = static_cast<char*>(osip_malloc(text.size() + 1));
  std::copy(text.begin(), text.end(), copy);
  copy[text.size()] = '\0';
  return copy;
}

void initialise_parser() {
  static std::once_flag once;
  std::call_once(once, [] {
    parser_init();
    // Otherwise it complains about every odd message on standard error.
    osip_trace_initialize_func(END_TRACE_LEVEL,
                               [](const char*, int, osip_trace_level_t, const char*, va_list) {});
  });
}

std::string serialize(osip_message_t* message) {
  char* text = nullptr;
  std::size_t length = 0;
  std::string out;
  if (osip_message_to_str(message, &text, &length) == OSIP_SUCCESS) out.assign(text, length);
  osip_free(text);
  osip_message_free(message);
  return out;
}

void add_header(osip_message_t* message, const char* name, std::string_view value) {
  osip_message_set_header(message, name, std::string(value).c_str());
}

void add_contact(osip_message_t* message, Endpoint local) {
  osip_message_set_contact(message, fmt::format("<sip:{}>", local.to_string()).c_str());
}

const osip_via_t* top_via(const osip_message_t& message) {
  return static_cast<const osip_via_t*>(osip_list_get(&message.vias, 0));
}

osip_contact_t* first_contact(const osip_message_t& message) {
  return static_cast<osip_contact_t*>(osip_list_get(&message.contacts, 0));
}

std::string_view header_value(const osip_message_t& message, const char* name) {
  osip_header_t* header = nullptr;
  if (osip_message_header_get_byname(&message, name, 0, &header) < 0 || header == nullptr) {
    return {};
  }
  return view(header->hvalue);
}

/// RFC 3261 18.2.1 and RFC 3581 4: the sender learns from where it was heard.
void mark_source(osip_via_t* via, Endpoint source) {
  osip_generic_param_t* rport = nullptr;
  char name[] = "rport";  // libosip2 wants it writable, but only reads it
  osip_via_param_get_byname(via, name, &rport);
  const std::string address = source.address.to_string();
  if (rport != nullptr && rport->gvalue == nullptr)
    rport->gvalue = owned(std::to_string(source.port));
  if (rport != nullptr || view(via->host) != address) osip_via_set_received(via, owned(address));
}

}  // namespace

void SipMessage::Free::operator()(osip_message* message) const {
  osip_message_free(message);
}

Expected<SipMessage> SipMessage::parse(std::string_view datagram) {
  initialise_parser();
  SipMessage message;
  osip_message_t* raw = nullptr;
  if (osip_message_init(&raw) != OSIP_SUCCESS) return fail("out of memory");
  message.message_.reset(raw);
  if (osip_message_parse(raw, datagram.data(), datagram.size()) != OSIP_SUCCESS) {
    return fail("not a SIP message");
  }
  if (raw->call_id == nullptr || raw->cseq == nullptr || raw->from == nullptr ||
      raw->to == nullptr || osip_list_size(&raw->vias) < 1) {
    return fail("a mandatory header is missing (Via, From, To, Call-ID, CSeq)");
  }
  return message;
}

bool SipMessage::is_request() const {
  return MSG_IS_REQUEST(message_.get());
}

std::string_view SipMessage::method() const {
  return is_request() ? view(message_->sip_method) : view(message_->cseq->method);
}

int SipMessage::status() const {
  return message_->status_code;
}

std::string SipMessage::call_id() const {
  std::string id(view(message_->call_id->number));
  const std::string_view host = view(message_->call_id->host);
  if (!host.empty()) id.append("@").append(host);
  return id;
}

std::string_view SipMessage::cseq() const {
  return view(message_->cseq->number);
}

std::string_view SipMessage::event_package() const {
  std::string_view value = header_value(*message_, "event");
  if (value.empty()) value = header_value(*message_, "o");  // libosip2 knows no compact Event
  value = value.substr(0, value.find(';'));
  while (value.ends_with(' ')) value.remove_suffix(1);
  return value;
}

std::string_view SipMessage::branch() const {
  for (int i = 0;; ++i) {
    const auto* parameter =
        static_cast<const osip_generic_param_t*>(osip_list_get(&top_via(*message_)->via_params, i));
    if (parameter == nullptr) return {};
    if (view(parameter->gname) == "branch") return view(parameter->gvalue);
  }
}

std::string_view SipMessage::allow() const {
  osip_allow_t* allow = nullptr;
  osip_message_get_allow(message_.get(), 0, &allow);
  return allow == nullptr ? std::string_view() : view(allow->value);
}

bool SipMessage::has_contact() const {
  const osip_contact_t* contact = first_contact(*message_);
  return contact != nullptr && contact->url != nullptr;
}

std::optional<Endpoint> SipMessage::contact() const {
  if (!has_contact()) return std::nullopt;
  const osip_uri_t& uri = *first_contact(*message_)->url;
  const auto address = Ipv4Address::read(view(uri.host));
  if (!address) return std::nullopt;
  Endpoint endpoint{*address, 5060};
  const std::string_view port = view(uri.port);
  std::from_chars(port.data(), port.data() + port.size(), endpoint.port);
  return endpoint;
}

std::string make_response(const SipMessage& request, Endpoint source, const SipResponse& response) {
  const osip_message_t& asked = request.raw();
  osip_message_t* message = nullptr;
  if (osip_message_init(&message) != OSIP_SUCCESS) return {};
  osip_message_set_version(message, owned("SIP/2.0"));
  osip_message_set_status_code(message, response.status);
  osip_message_set_reason_phrase(message, owned(response.reason));
  for (int i = 0; i < osip_list_size(&asked.vias); ++i) {
    osip_via_t* via = nullptr;
    osip_via_clone(static_cast<const osip_via_t*>(osip_list_get(&asked.vias, i)), &via);
    if (i == 0) mark_source(via, source);
    osip_list_add(&message->vias, via, -1);
  }
  osip_from_clone(asked.from, &message->from);
  osip_to_clone(asked.to, &message->to);
  osip_generic_param_t* tag = nullptr;
  char name[] = "tag";  // as above
  osip_generic_param_get_byname(&message->to->gen_params, name, &tag);
  if (tag == nullptr) osip_to_set_tag(message->to, owned(response.local_tag));
  osip_call_id_clone(asked.call_id, &message->call_id);
  osip_cseq_clone(asked.cseq, &message->cseq);
  if (response.local.port != 0) add_contact(message, response.local);
  if (!response.header.empty()) {
    add_header(message, std::string(response.header).c_str(), response.value);
  }
  osip_message_set_content_length(message, "0");
  return serialize(message);
}

OctetRange call_id_of(std::string_view message) {
  constexpr std::string_view kHeader = "\r\nCall-ID: ";
  const std::size_t header = message.find(kHeader);
  if (header == std::string_view::npos) return {};
  const std::size_t begin = header + kHeader.size();
  return {begin, message.find("\r\n", begin) - begin};
}

std::string make_notify(const SipMessage& subscribe, const SipNotify& notify) {
  const osip_message_t& asked = subscribe.raw();
  osip_message_t* message = nullptr;
  if (osip_message_init(&message) != OSIP_SUCCESS) return {};
  osip_message_set_version(message, owned("SIP/2.0"));
  osip_message_set_method(message, owned("NOTIFY"));
  osip_uri_t* target = nullptr;
  osip_uri_clone(first_contact(asked)->url, &target);
  osip_message_set_uri(message, target);
  osip_message_set_via(
      message,
      fmt::format("SIP/2.0/UDP {};branch={}", notify.local.to_string(), notify.branch).c_str());
  // From and To have the same representation, so either can be made of the other.
  osip_from_clone(notify.unswapped ? asked.from : asked.to, &message->from);
  osip_to_clone(notify.unswapped ? asked.to : asked.from, &message->to);
  osip_from_t* ours = notify.unswapped ? message->to : message->from;
  osip_from_set_tag(ours, owned(notify.local_tag));
  osip_call_id_clone(asked.call_id, &message->call_id);
  osip_message_set_cseq(message, fmt::format("{} NOTIFY", notify.cseq).c_str());
  osip_message_set_max_forwards(message, "70");
  add_contact(message, notify.local);
  add_header(message, "Event", "ua-profile;effective-by=0");
  add_header(message, "Subscription-State", "terminated;reason=timeout");
  if (!notify.body.empty()) {
    osip_message_set_content_type(message, std::string(notify.content_type).c_str());
    osip_message_set_body(message, notify.body.data(), notify.body.size());
  }
  osip_message_set_content_length(message, std::to_string(notify.body.size()).c_str());
  return serialize(message);
}

std::string make_unsolicited(const SipUnsolicited& notify) {
  osip_message_t* message = nullptr;
  if (osip_message_init(&message) != OSIP_SUCCESS) return {};
  const std::string local = notify.local.to_string();
  osip_message_set_version(message, owned("SIP/2.0"));
  osip_message_set_method(message, owned("NOTIFY"));
  osip_uri_t* target = nullptr;
  osip_uri_init(&target);
  osip_uri_parse(target, fmt::format("sip:{}", notify.to.to_string()).c_str());
  osip_message_set_uri(message, target);
  osip_message_set_via(message,
                       fmt::format("SIP/2.0/UDP {};branch={}", local, notify.branch).c_str());
  osip_message_set_from(message, fmt::format("<sip:{}>;tag={}", local, notify.tag).c_str());
  osip_message_set_to(message, fmt::format("<sip:{}>", notify.to.to_string()).c_str());
  osip_message_set_call_id(message, std::string(notify.call_id).c_str());
  osip_message_set_cseq(message, "1 NOTIFY");
  osip_message_set_max_forwards(message, "70");
  osip_message_set_contact(message, fmt::format("<sip:{}>", local).c_str());
  add_header(message, "Event", notify.event);
  add_header(message, "Subscription-State", "terminated");
  if (!notify.body.empty()) {
    osip_message_set_content_type(message, std::string(notify.content_type).c_str());
    osip_message_set_body(message, notify.body.data(), notify.body.size());
  }
  osip_message_set_content_length(message, std::to_string(notify.body.size()).c_str());
  return serialize(message);
}

}  // namespace provlab::netfakes
