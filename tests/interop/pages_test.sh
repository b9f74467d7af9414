#!/usr/bin/env bash
# Opens pages of a failing race in a headless Chromium: that they are drawn, fetch nothing, complain
# of nothing, that their keys do what they say, and that they can be read in a narrow window. Called with the program's path; ends with 77,
# which CTest shows as skipped, where there is no Chromium.
set -u
program=$1
source_dir=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || {
  echo 'skipped: there is no Chromium here (Debian: apt-get install chromium)'
  exit 77
}
scratch=$(mktemp -d) || exit 1
trap 'rm -rf -- "$scratch"' EXIT

fail() {
  printf 'FAILED: %s\n' "$1" >&2
  [[ -s $scratch/log ]] && grep -a CONSOLE "$scratch/log" | head -n 20 >&2
  exit 1
}

# browse ARGUMENT... PAGE   what it says goes to $scratch/log.
browse() {
  rm -rf -- "$scratch/profile"
  timeout 100 "$browser" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
    --disable-background-networking --disable-component-update --disable-sync \
    --host-resolver-rules='MAP * ~NOTFOUND' --user-data-dir="$scratch/profile" \
    --enable-logging=stderr "$@" 2>"$scratch/log"
}

# A race whose author expects the wrong winner.
cp -r "$source_dir/scenarios/reference" "$scratch/reference"
sed -i 's|<winner is="first-answer"/>|<winner is="redirect" why="it is asked \&lt;first\&gt;"/>|' \
  "$scratch/reference/redirect-beats-multicast.xml"
"$program" run "$scratch/reference" --shard 1/1 --html "$scratch/pages" >/dev/null
(($? == 1)) || fail 'the race was to fail'
race=$(grep -l '<title>redirect-beats-multicast \[multicast-answer-then-redirect-answer\]: failed' "$scratch"/pages/runs/*) ||
  fail 'no page of the race'

for page in "$scratch/pages/index.html" "$race"; do
  browse --window-size=1400,2000 --screenshot="$scratch/page.png" "file://$page" ||
    fail "$page cannot be drawn"
  [[ -s $scratch/page.png ]] || fail "there is no picture of $page"
  grep -aq 'CONSOLE' "$scratch/log" && fail "the browser complains of $page"
done

# The keys, tried by a script that is put behind the page's own.
sed 's|</body>|<script>//<![CDATA[\n__TRY__\n//]]></script></body>|' "$race" >"$scratch/try.html"
cat >"$scratch/try.js" <<'END'
const said = [];
const check = (what, good) => { if (!good) said.push(what); };
const press = (key) => document.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
const search = document.getElementById('search');
const shown = () => [...document.querySelectorAll('.events tbody tr')].filter((row) => row.offsetParent);
const all = shown().length;
check('all events are shown', all > 100);
press('/');
check('/ goes to the search', document.activeElement === search);
search.value = 'winner_chosen';
search.dispatchEvent(new Event('input'));
check('the search finds the winner', shown().length === 1);
press('ArrowDown');
const winner = document.activeElement;
check('the arrow goes to what was found', winner === shown()[0]);
press('c');
check('c goes to the cause', document.activeElement.id === winner.querySelector('td:last-child a').hash.slice(1));
check('which the search had hidden', shown().length === all);
press('ArrowUp');
check('the arrow goes up', document.activeElement.id !== winner.id && document.activeElement.localName === 'tr');
press('Escape');
check('Escape shows everything', shown().length === all);
check('bare packets can be left out', (document.getElementById('bare').click(), shown().length < all));
check('handshakes are folded away', !document.querySelector('.full').offsetParent);
document.getElementById('tcp').click();
check('and can be shown', document.querySelector('.full').offsetParent !== null);
document.getElementById('tcp').click();
const moment = (what) => new Promise((done) => setTimeout(done, 60)).then(what);
const arrow = [...document.querySelectorAll('.folded .m')].find((each) => each.textContent.startsWith('GET /b.xml'));
const panel = () => document.querySelector('.says:target');
check('what messages say is hidden at first', ![...document.querySelectorAll('.says')].some((each) => each.offsetParent || each.getClientRects().length));
const figure = document.querySelector('.folded');
const side = figure.querySelector('.lanes:not(.heads) .side');
const stood = side.getBoundingClientRect().left;
figure.style.width = '500px';
figure.scrollLeft = 300;
check('a narrow figure scrolls', figure.scrollLeft > 200);
check('the phone stays where it is', Math.abs(side.getBoundingClientRect().left - stood) < 2);
figure.style.width = '';
const bad = document.querySelector('.source .bad');
check('the line that failed is marked', bad && bad.textContent.includes('<winner is="redirect"') && bad.getBoundingClientRect().height > 0);
arrow.focus();
check('an arrow takes the focus', document.activeElement === arrow);
location.hash = arrow.getAttribute('href');
const before = getComputedStyle(document.body).backgroundColor;
document.getElementById('theme').click();
check('the colours can be switched', getComputedStyle(document.body).backgroundColor !== before);
const note = [...document.querySelectorAll('.folded .ph.n')].find((each) => each.textContent === 'run 1 starts (boot)');
check('notes stand in the world where there is no room beside the phone', note && (getComputedStyle(note).display !== 'none') === (innerWidth < 800));
check('an arrow can be hit beside its line', document.querySelectorAll('.folded .hit').length === document.querySelectorAll('.folded .s').length);
check('the page does not scroll sideways', document.documentElement.scrollWidth <= innerWidth);
moment(() => {
  check('an arrow shows what it says', panel() && panel().textContent.includes('Host: prov.server.com'));
  check('which has the focus', document.activeElement === panel());
  check('its arrow is marked', arrow.classList.contains('open'));
  press('ArrowRight');
}).then(() => moment(() => {
  check('the arrow key goes to what is said next', panel() && panel().textContent.includes('<callWaiting>'));
  press('ArrowLeft');
})).then(() => moment(() => {
  check('and back', panel() && panel().id === arrow.getAttribute('href').slice(1));
  press('Escape');
})).then(() => moment(() => {
  check('Escape closes it', !panel());
  check('the focus is back at the arrow', document.activeElement === arrow);
  document.documentElement.dataset.tried = said.length ? said.join('; ') : 'all is well';
}));
END
sed -i -e "/__TRY__/{r $scratch/try.js" -e 'd}' "$scratch/try.html"
# What holds in a window of that width.
try_at() {
  browse --window-size="$1",2000 --virtual-time-budget=5000 --dump-dom "file://$scratch/try.html" >"$scratch/dom" ||
    fail 'the page cannot be read'
  tried=$(grep -o 'data-tried="[^"]*"' "$scratch/dom" | head -n 1)
  [[ $tried == 'data-tried="all is well"' ]] || fail "what does not hold at $1 px: ${tried:-the script did not run}"
}
try_at 1400
try_at 400

# Pages of other commands: drawn without a complaint, no wider than the window, no letter smaller than 12 px, and every
# link leads somewhere.
reference=$source_dir/scenarios/reference/redirect-beats-multicast.xml
"$program" explore "$reference" --html "$scratch/explored.html" >/dev/null || fail 'explore was to find no broken invariant'
"$program" map "$reference" --x multicast-answer=0..12s --html "$scratch/mapped.html" >/dev/null || fail 'nothing was mapped'
"$program" compare "$reference@natural" @5:1 --html "$scratch/compared.html" >/dev/null
(($? == 1)) || fail 'the two runs were to differ'
"$program" run "$scratch/reference" --shard 1/1 --why --html "$scratch/why" >/dev/null
why=$(grep -l 'class="reach own"' "$scratch"/why/runs/*-redirect-beats-multicast.html | head -n 1) || fail 'no page has bars'
cat >"$scratch/look.js" <<'END_OF_SCRIPT'
const wrong = [];
const size = (element) => parseFloat(getComputedStyle(element).fontSize) * (element.getScreenCTM ? element.getScreenCTM().a : 1);
const says = (element) => [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim());
const small = [...document.querySelectorAll('body *')].find((each) => each.getClientRects().length && says(each) && size(each) < 11.9);
if (small) wrong.push(`'${small.textContent.slice(0, 40)}' has letters of ${size(small)} px`);
if (document.documentElement.scrollWidth > innerWidth) wrong.push(`it is ${document.documentElement.scrollWidth} px wide`);
for (const link of document.querySelectorAll('a[href^="#"]')) {
  if (!document.getElementById(link.getAttribute('href').slice(1))) wrong.push(`${link.getAttribute('href')} is nowhere`);
}
for (const bar of document.querySelectorAll('.reach')) {
  const shown = bar.closest('.figure').offsetParent;
  if ((shown && !(bar.getBoundingClientRect().height > 0)) || !bar.querySelector('title')) wrong.push('a bar cannot be seen');
}
document.documentElement.dataset.looked = wrong.length ? wrong.join('; ') : 'all is well';
END_OF_SCRIPT
for page in "$scratch/explored.html" "$scratch/mapped.html" "$scratch/compared.html" "$why"; do
  sed 's|</body>|<script>//<![CDATA[\n__LOOK__\n//]]></script></body>|' "$page" >"$scratch/look.html"
  sed -i -e "/__LOOK__/{r $scratch/look.js" -e 'd}' "$scratch/look.html"
  for width in 1200 400; do
    browse --window-size=$width,2000 --virtual-time-budget=5000 --dump-dom "file://$scratch/look.html" >"$scratch/dom" ||
      fail "$page cannot be read"
    grep -aq 'CONSOLE' "$scratch/log" && fail "the browser complains of $page"
    looked=$(grep -o 'data-looked="[^"]*"' "$scratch/dom" | head -n 1)
    [[ $looked == 'data-looked="all is well"' ]] || fail "$page at $width px: ${looked:-the script did not run}"
  done
done
