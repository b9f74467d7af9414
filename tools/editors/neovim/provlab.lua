-- Starts `provlab lsp` for XML files. Neovim 0.8 or newer: put this file into ~/.config/nvim/plugin/.
vim.api.nvim_create_autocmd("FileType", {
  pattern = "xml",
  callback = function(event)
    vim.lsp.start({
      name = "provlab",
      cmd = { "provlab", "lsp" },
      root_dir = vim.fs.dirname(vim.api.nvim_buf_get_name(event.buf)),
    })
    vim.bo[event.buf].omnifunc = "v:lua.vim.lsp.omnifunc" -- Ctrl-X Ctrl-O completes
  end,
})
