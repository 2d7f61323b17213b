-- `:checkhealth pyprep_lint`
local M = {}

function M.check()
  vim.health.start("pyprep-lint")
  local config = vim.lsp.config and vim.lsp.config.pyprep_lint or require("pyprep_lint").config
  local program = config.cmd[1]
  if vim.fn.executable(program) == 0 then
    vim.health.error(("`%s` is not a program on PATH"):format(program), {
      "Put pyprep-lint on PATH",
      'or say where it is: vim.lsp.config("pyprep_lint", { cmd = { "/path/to/pyprep-lint", "server" } })',
    })
    return
  end
  vim.health.ok(("%s: %s"):format(vim.fn.exepath(program), vim.trim(vim.fn.system({ program, "--version" }))))

  local clients = vim.lsp.get_clients({ name = "pyprep_lint" })
  if #clients == 0 then
    vim.health.info("not running; it starts with the first Python file")
  end
  for _, client in ipairs(clients) do
    local buffers = vim.tbl_count(client.attached_buffers)
    vim.health.ok(("running for %d buffers below %s"):format(buffers, client.root_dir or "no folder"))
  end
end

return M
