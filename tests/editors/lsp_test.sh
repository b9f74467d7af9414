#!/usr/bin/env bash
# lsp_test.sh PROVLAB: `provlab lsp` as a program, and with a client that others wrote: the npm package
# vscode-languageserver-protocol, which VS Code itself is built on. That part is skipped, with a
# sentence and exit code 77, where there is no node or npm cannot be reached.
set -u
provlab=$1
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
scratch=$(mktemp -d) || exit 1
trap 'rm -rf -- "$scratch"' EXIT
failures=0

fail() {
  printf 'FAILED: %s\n' "$1"
  failures=$((failures + 1))
}

message() { printf 'Content-Length: %d\r\n\r\n%s' "${#1}" "$1"; }

# expect CODE PATTERN WHAT   of what came on standard input to the server.
expect() {
  local code said
  said=$(timeout 20 "$provlab" lsp 2>&1)
  code=$?
  ((code == $1)) || fail "$3: it ended with $code instead of $1"
  [[ $said == *$2* ]] || fail "$3: it said: $said"
}

initialize='{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}'
shutdown='{"jsonrpc":"2.0","id":2,"method":"shutdown"}'
exit='{"jsonrpc":"2.0","method":"exit"}'
{ message "$initialize"; message "$shutdown"; message "$exit"; } | expect 0 '"id":2,"result":null' 'a whole life'
{ message "$initialize"; message "$exit"; } | expect 1 '"id":1' 'exit without shutdown'
message "$initialize" | expect 1 '"id":1' 'the end of its input'
{ message '{"jsonrpc":'; message "$initialize"; message "$shutdown"; message "$exit"; } |
  expect 0 '"code":-32700' 'what is no JSON'
printf 'Content-Length: 99999999999\r\n\r\n' | expect 1 'longer than' 'a length out of bounds'
printf 'Content-Length: ten\r\n\r\n{}' | expect 1 'no number' 'a length that is none'
head -c 100000 /dev/zero | expect 1 'head of a message' 'what is no message'
((failures)) && exit 1

command -v node >/dev/null && command -v npm >/dev/null || {
  echo 'skipped: there is no node with npm here, so no other client was tried (the rest is well)'
  exit 77
}
cp -- "$here/package.json" "$scratch/" || exit 1
(cd -- "$scratch" && timeout 120 npm install --no-audit --no-fund --no-package-lock --ignore-scripts \
  --fetch-retries=1 --fetch-timeout=20000) >"$scratch/npm.log" 2>&1 || {
  echo 'skipped: npm cannot be reached here, so no other client was tried (the rest is well)'
  tail -n 3 -- "$scratch/npm.log"
  exit 77
}
cp -- "$here/lsp_client.cjs" "$scratch/" || exit 1
cd -- "$here/../.." && timeout 100 node "$scratch/lsp_client.cjs" "$provlab"
