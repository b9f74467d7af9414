#!/usr/bin/env bash
# neovim_test.sh PROVLAB: Neovim with our settings, as its user sees it: complaints, completion, a
# definition. Ends with 77, which CTest shows as skipped, where there is no Neovim.
set -u
provlab=$(readlink -e -- "$1") || exit 2
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
command -v nvim >/dev/null || {
  echo 'skipped: there is no Neovim here (Debian: apt-get install neovim)'
  exit 77
}
scratch=$(mktemp -d) || exit 1
trap 'rm -rf -- "$scratch"' EXIT
mkdir -p "$scratch/bin" "$scratch/home" && ln -s -- "$provlab" "$scratch/bin/provlab" || exit 1
race=$here/../../scenarios/tutorial/7-race.xml
answer=$(sed -n 's/.*<answer ref="\([^"]*\)".*/\1/p' "$race" | head -n 1)
sed "0,/<answer ref=/s/<answer ref=\"$answer\"/<answer ref=\"nobody\"/" "$race" >"$scratch/race.xml"
cat >"$scratch/try.lua" <<'END'
local said = {}
local function check(what, good) if not good then table.insert(said, what) end end
local function row_of(text)
  for number, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
    if line:find(text, 1, true) then return number, line:find(text, 1, true) end
  end
end
check('a complaint comes', vim.wait(15000, function() return #vim.diagnostic.get(0) > 0 end, 20))
local row, column = row_of('nobody')
local found = vim.diagnostic.get(0)[1]
check('it stands under the name', found and found.lnum == row - 1 and found.col == column - 1)
vim.api.nvim_win_set_cursor(0, { row, column - 1 })
local answers = vim.lsp.buf_request_sync(0, 'textDocument/completion', vim.lsp.util.make_position_params(), 5000)
local labels = {}
for _, answer in pairs(answers or {}) do
  for _, item in ipairs(answer.result.items) do table.insert(labels, item.label) end
end
local answer = os.getenv('ANSWER')
check('the answer is offered', vim.tbl_contains(labels, answer))
vim.api.nvim_set_current_line((vim.api.nvim_get_current_line():gsub('nobody', answer)))
check('the complaint goes', vim.wait(15000, function() return #vim.diagnostic.get(0) == 0 end, 20))
vim.lsp.buf.definition()
check('the definition is found', vim.wait(5000, function() return vim.api.nvim_win_get_cursor(0)[1] ~= row end, 20))
check('it has the id', vim.api.nvim_get_current_line():find('id="' .. answer .. '"', 1, true) ~= nil)
io.stdout:write(#said == 0 and 'all is well\n' or 'FAILED: ' .. table.concat(said, '; ') .. '\n')
vim.cmd(#said == 0 and 'qall!' or 'cquit!')
END
ANSWER=$answer HOME=$scratch/home XDG_CONFIG_HOME=$scratch/home PATH=$scratch/bin:$PATH timeout 60 nvim --headless -i NONE -n \
  -u NONE --cmd 'filetype on' -c "luafile $here/../../tools/editors/neovim/provlab.lua" \
  -c "edit $scratch/race.xml" -c "luafile $scratch/try.lua"
