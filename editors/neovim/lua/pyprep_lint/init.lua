-- Starts `pyprep-lint server` for Python files, and what the commands of plugin/pyprep_lint.lua do.
local M = {}

local NAME = "pyprep_lint"
local FIX_ALL = "source.fixAll.pyprep"

-- A question is there to be read: beside the code, not in its place, and not to be changed.
local function show_document(failed, params, context)
  if params.external or not vim.endswith(params.uri, ".md") then
    return vim.lsp.handlers["window/showDocument"](failed, params, context)
  end
  local buffer = vim.uri_to_bufnr(params.uri)
  local shown = vim.fn.bufwinid(buffer)
  if shown == -1 then
    vim.cmd("keepalt belowright sbuffer " .. buffer)
  elseif params.takeFocus ~= false then
    vim.api.nvim_set_current_win(shown)
  end
  vim.bo[buffer].readonly = true
  vim.bo[buffer].modifiable = false
  return { success = true }
end

--- How to start the server, in the words of |vim.lsp.Config|.
M.config = {
  cmd = { "pyprep-lint", "server" },
  filetypes = { "python" },
  root_markers = { "pyprep-lint.toml", "pyproject.toml", ".git" },
  -- An empty table would be sent as a list.
  settings = { ["pyprep-lint"] = vim.empty_dict() },
  before_init = function(params, config)
    params.initializationOptions = config.settings["pyprep-lint"]
    -- Neovim 0.11 asks for findings after edits only: not when settings have changed, nor the file of the configuration.
    params.capabilities.textDocument.diagnostic = nil
  end,
  handlers = { ["window/showDocument"] = show_document },
}

local function clients()
  return (vim.lsp.get_clients or vim.lsp.get_active_clients)({ name = NAME })
end

-- Before 0.11, each buffer is attached by hand; with this configuration.
local older

local function attach_as_before_0_11(buffer)
  local file = vim.api.nvim_buf_get_name(buffer)
  local root
  for _, marker in ipairs(older.root_markers) do
    root = root or vim.fs.find(marker, { upward = true, path = vim.fs.dirname(file) })[1]
  end
  local config = vim.tbl_extend("force", older, { name = NAME, root_dir = root and vim.fs.dirname(root) })
  vim.api.nvim_buf_call(buffer, function()
    vim.lsp.start(config)
  end)
end

local function attach_all()
  if not older then
    vim.lsp.enable(NAME)
    return
  end
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_is_loaded(buffer) and vim.tbl_contains(older.filetypes, vim.bo[buffer].filetype) then
      attach_as_before_0_11(buffer)
    end
  end
end

--- Starts the server for all Python files, those that are open and those to come. `options` are laid over |M.config|.
function M.setup(options)
  if vim.lsp.config then
    vim.lsp.config(NAME, options or {})
  else
    older = vim.tbl_deep_extend("force", M.config, options or {})
    vim.api.nvim_create_autocmd("FileType", {
      group = vim.api.nvim_create_augroup(NAME, {}),
      pattern = older.filetypes,
      callback = function(event)
        attach_as_before_0_11(event.buf)
      end,
    })
  end
  attach_all()
end

--- Ends the server, if there is one, and starts it for all open Python files.
function M.restart()
  for _, client in ipairs(clients()) do
    vim.lsp.stop_client(client.id)
  end
  local tries = 0
  local function again()
    tries = tries + 1
    if #clients() == 0 then
      attach_all()
    elseif tries < 50 then
      vim.defer_fn(again, 50)
    else
      -- It doesn't listen: no more asking.
      for _, client in ipairs(clients()) do
        vim.lsp.stop_client(client.id, true)
      end
      vim.defer_fn(attach_all, 200)
    end
  end
  again()
end

--- The number of the question that a finding belongs to: `PP0301` is of question 3, `PP00…` of none.
local function question_of(finding)
  local number = tonumber(tostring(finding.code):match("^PP(%d%d)%d%d$") or 0)
  return number > 0 and number or nil
end

-- A column is in the narrowest finding around it, else in the first one of its line.
local function finding_at(buffer, line, column)
  local best
  for _, finding in ipairs(vim.diagnostic.get(buffer, { lnum = line })) do
    if finding.source == "pyprep" then
      local around = finding.lnum < line or finding.col <= column
      around = around and (finding.end_lnum > line or column < finding.end_col)
      local size = (finding.end_lnum - finding.lnum) * 10000 + finding.end_col - finding.col
      if not best or (around and (not best.around or size < best.size)) then
        best = { finding = finding, around = around, size = size }
      end
    end
  end
  return best and best.finding
end

--- Opens the question of the finding at the cursor.
function M.open_question()
  local line, column = unpack(vim.api.nvim_win_get_cursor(0))
  local finding = finding_at(0, line - 1, column)
  local question = finding and question_of(finding)
  if question then
    local command = { command = "pyprep-lint.openQuestion", arguments = { { question = question } } }
    vim.lsp.buf_request(0, "workspace/executeCommand", command, function(failed)
      if failed then
        vim.notify("pyprep-lint: " .. failed.message, vim.log.levels.ERROR)
      end
    end)
  elseif finding then
    vim.notify("pyprep-lint: this finding belongs to no question")
  else
    vim.notify("pyprep-lint: there is no finding on this line")
  end
end

--- Makes all safe fixes of this buffer.
function M.fix_all()
  vim.lsp.buf.code_action({ context = { only = { FIX_ALL }, diagnostics = {} }, apply = true })
end

return M
