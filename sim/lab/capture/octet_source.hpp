#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "core/platform/error.hpp"

namespace provlab::lab {

/// The octets of a capture in their order: those of a file, or of memory; what is compressed by
/// gzip comes out as it was before. Of either no more than a buffer is held.
class OctetSource {
 public:
  static Expected<std::unique_ptr<OctetSource>> of_file(const std::string& file);
  static std::unique_ptr<OctetSource> of_octets(std::string octets);
  virtual ~OctetSource() = default;

  /// Fills `room` with as many octets; fewer at the end.
  std::size_t read(char* room, std::size_t octets);
  /// The next octets, at most so many; no more room is taken than there are.
  std::string take(std::size_t most);
  /// The next octets, at most 64, which stay to be read; fewer at the end.
  std::string_view peek(std::size_t octets);
  /// Why the octets end before their end, as a sentence; empty: they do not.
  const std::string& trouble() const { return trouble_; }

 protected:
  OctetSource() = default;
  /// Some octets at least; 0 at the end.
  virtual std::size_t more(char* room, std::size_t octets) = 0;
  std::string trouble_;

 private:
  std::string peeked_;
};

}  // namespace provlab::lab
