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

local function say(text, level)
  vim.notify("pyprep-lint: " .. text, level or vim.log.levels.INFO)
end

--- Asks our own server, whoever else is attached, and hands its answer to `take`.
local function request(client, method, params, take)
  local function answered(failed, answer)
    if failed then
      say(failed.message, vim.log.levels.ERROR)
    elseif take then
      take(answer)
    end
  end
  if vim.fn.has("nvim-0.11") == 1 then
    client:request(method, params, answered)
  else
    client.request(method, params, answered)
  end
end

local function execute(client, command)
  request(client, "workspace/executeCommand", { command = command.command, arguments = command.arguments })
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

--- The finding at the cursor, and the client that has found it; or nothing, and a word to the reader.
local function here()
  local line, column = unpack(vim.api.nvim_win_get_cursor(0))
  local finding = finding_at(0, line - 1, column)
  if not finding then
    say("there is no finding on this line")
    return
  end
  for _, client in ipairs(clients()) do
    if vim.lsp.buf_is_attached(0, client.id) then
      return finding, client
    end
  end
  say("not running; see :checkhealth pyprep_lint", vim.log.levels.ERROR)
end

--- Where a finding starts, as the server counts.
local function start_of(finding, client)
  local character = vim.lsp.util.character_offset(0, finding.lnum, finding.col, client.offset_encoding)
  return { line = finding.lnum, character = character }
end

--- Executes what the server offers under this name for the finding at the cursor.
local function execute_here(name)
  local finding, client = here()
  if not finding then
    return
  end
  local start = start_of(finding, client)
  local params = {
    textDocument = vim.lsp.util.make_text_document_params(0),
    range = { start = start, ["end"] = start },
    context = { diagnostics = {}, only = { "quickfix" } },
  }
  request(client, "textDocument/codeAction", params, function(actions)
    for _, action in ipairs(actions or {}) do
      local is_about = vim.tbl_contains(vim.tbl_map(function(diagnostic)
        return diagnostic.code
      end, action.diagnostics or {}), finding.code)
      if is_about and type(action.command) == "table" and action.command.command == name then
        return execute(client, action.command)
      end
    end
    say("this finding belongs to no question")
  end)
end

--- Opens the question of the finding at the cursor.
function M.open_question()
  execute_here("pyprep-lint.openQuestion")
end

--- Asks the question of the finding at the cursor about the reader's own lines, the answer below them.
function M.ask()
  execute_here("pyprep-lint.ask")
end

--- Opens the list of all questions and rules.
function M.guide()
  local client = clients()[1]
  if client then
    execute(client, { command = "pyprep-lint.openGuide" })
  else
    say("not running; it starts with the first Python file", vim.log.levels.WARN)
  end
end

--- Shows the lesson of the finding at the cursor, or of the first one of its line, in a floating window.
function M.lesson()
  local finding, client = here()
  if not finding then
    return
  end
  local params = { textDocument = vim.lsp.util.make_text_document_params(0), position = start_of(finding, client) }
  request(client, "textDocument/hover", params, function(hover)
    if not hover then
      return say("lessons are switched off (hover.enable)")
    end
    local lines = vim.split(vim.trim(hover.contents.value), "\n")
    vim.lsp.util.open_floating_preview(lines, "markdown", { border = "rounded", focus_id = NAME, max_width = 88, wrap = true })
  end)
end

--- Makes all safe fixes of this buffer.
function M.fix_all()
  vim.lsp.buf.code_action({ context = { only = { FIX_ALL }, diagnostics = {} }, apply = true })
end

return M
