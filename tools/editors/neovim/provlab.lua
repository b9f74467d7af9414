-- Starts `provlab lsp` for XML files: put this file into ~/.config/nvim/plugin/. Neovim 0.7 or newer.
local client

vim.api.nvim_create_autocmd("FileType", {
  pattern = "xml",
  callback = function(event)
    local config = { name = "provlab", cmd = { "provlab", "lsp" }, root_dir = vim.fn.getcwd() }
    if vim.lsp.start then
      vim.lsp.start(config)
    else -- before 0.8
      client = client or vim.lsp.start_client(config)
      vim.lsp.buf_attach_client(event.buf, client)
    end
    vim.bo[event.buf].omnifunc = "v:lua.vim.lsp.omnifunc" -- Ctrl-X Ctrl-O completes
  end,
})
