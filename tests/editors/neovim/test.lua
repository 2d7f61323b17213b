-- Runs inside Neovim, which run.sh has started with editors/neovim on its runtimepath, as a user's would be.
local scratch = vim.env.PYPREP_SCRATCH
local PATIENCE = 60000

local ROUTE = { "def add_stop(stop, route=[]):", "    route.append(stop)", "    return route" }
local SIZE = { "def is_large(size: str):", '    return size is "large"' }

local function join(...)
  local lines = {}
  for _, part in ipairs({ ... }) do
    vim.list_extend(lines, part)
  end
  return lines
end

local function wait(what, probe)
  local answer
  local done = vim.wait(PATIENCE, function()
    answer = probe()
    return answer
  end, 20)
  if not done then
    error(("waited %d s in vain: %s"):format(PATIENCE / 1000, what), 0)
  end
  return answer
end

local function same(actual, wanted)
  if not vim.deep_equal(actual, wanted) then
    error(("wanted %s, has %s"):format(vim.inspect(wanted), vim.inspect(actual)), 2)
  end
end

local function has(whole, part)
  if not whole:find(part, 1, true) then
    error(("wanted %q in:\n%s"):format(part, whole), 2)
  end
end

--- Opens a new file with these lines in the only window.
local function open(name, lines)
  local file = vim.fs.joinpath(scratch, name)
  vim.fn.mkdir(vim.fs.dirname(file), "p")
  vim.fn.writefile(lines, file)
  vim.cmd("silent only!")
  vim.cmd.edit(vim.fn.fnameescape(file))
  return vim.api.nvim_get_current_buf()
end

local function ours(buffer)
  return vim.tbl_filter(function(finding)
    return finding.source == "pyprep"
  end, vim.diagnostic.get(buffer))
end

--- Waits until a buffer has findings of exactly these codes, and gives them in the order of their codes.
local function findings(buffer, ...)
  local wanted = table.concat({ ... }, " ")
  local found, codes
  local arrived = vim.wait(PATIENCE, function()
    found = ours(buffer)
    table.sort(found, function(a, b)
      return a.code < b.code
    end)
    codes = table.concat(vim.tbl_map(function(finding)
      return finding.code
    end, found), " ")
    return codes == wanted
  end, 20)
  if not arrived then
    error(("wanted findings [%s], has [%s]"):format(wanted, codes), 2)
  end
  return found
end

local function text(buffer)
  return table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), "\n")
end

local function client()
  return vim.lsp.get_clients({ name = "pyprep_lint" })[1]
end

--- What a hover answers at a place, or nothing.
local function hover(buffer, line, character)
  local params = { textDocument = vim.lsp.util.make_text_document_params(buffer), position = { line = line, character = character } }
  local answers = assert(vim.lsp.buf_request_sync(buffer, "textDocument/hover", params, PATIENCE))
  local _, answer = next(answers)
  return answer and answer.result and answer.result.contents.value
end

local function floating()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= "" then
      return window
    end
  end
end

--- Takes the first code action of a kind that `filter` lets through, as a user does who has only this one to choose.
local function act(filter)
  vim.lsp.buf.code_action({ context = { only = { "quickfix" } }, filter = filter, apply = true })
end

local function configure(settings)
  client().settings = { ["pyprep-lint"] = settings }
  client():notify("workspace/didChangeConfiguration", { settings = client().settings })
end

--- The process ids of the servers that this Neovim has started.
local function servers()
  local pids = {}
  for line in vim.fn.system({ "ps", "-eo", "pid=,ppid=,stat=,args=" }):gmatch("[^\n]+") do
    local pid, parent, state, args = line:match("^%s*(%d+)%s+(%d+)%s+(%S+)%s+(.*)$")
    if tonumber(parent) == vim.fn.getpid() and args:find("pyprep%-lint server") and not state:find("Z") then
      table.insert(pids, tonumber(pid))
    end
  end
  return pids
end

local tests = {
  { "findings appear when a file is opened", function()
    local found = findings(open("open.py", ROUTE), "PP0301")[1]
    same(found.severity, vim.diagnostic.severity.WARN)
    same({ found.lnum, found.col, found.end_lnum, found.end_col }, { 0, 25, 0, 27 })
    has(found.message, "`route`")
  end },

  { "findings follow what is typed", function()
    local buffer = open("type.py", { "import os" })
    findings(buffer)
    -- Neovim itself indents what follows the colon.
    vim.api.nvim_feedkeys("Go" .. table.concat(vim.tbl_map(vim.trim, ROUTE), "\n") .. vim.keycode("<Esc>"), "tx", false)
    findings(buffer, "PP0301")
    vim.api.nvim_feedkeys("gg0Cdef broken(:" .. vim.keycode("<Esc>"), "tx", false)
    findings(buffer, "PP0002", "PP0301")
    vim.cmd("silent %delete")
    findings(buffer)
  end },

  { "K opens a window with the lesson in the reader's names", function()
    local buffer = open("hover.py", ROUTE)
    findings(buffer, "PP0301")
    vim.api.nvim_win_set_cursor(0, { 1, 25 })
    vim.lsp.buf.hover()
    local float = wait("a floating window", floating)
    local lesson = text(vim.api.nvim_win_get_buf(float))
    for _, part in ipairs({ "`route`", "`add_stop`", "route.append(stop)", "https://" }) do
      has(lesson, part)
    end
    vim.api.nvim_win_close(float, true)
    same(hover(buffer, 2, 12), nil)
  end },

  { "a code action mends the code", function()
    local buffer = open("action.py", SIZE)
    findings(buffer, "PP3001")
    vim.api.nvim_win_set_cursor(0, { 2, 17 })
    act(function(action)
      return action.isPreferred
    end)
    findings(buffer)
    has(text(buffer), 'size == "large"')
  end },

  { ":PyprepFixAll mends all that is safe", function()
    local buffer = open("fixall.py", join(SIZE, ROUTE, SIZE))
    findings(buffer, "PP0301", "PP3001", "PP3001")
    vim.cmd("PyprepFixAll")
    findings(buffer, "PP0301")
  end },

  { ":PyprepQuestion opens the question beside the code", function()
    local buffer = open("question.py", ROUTE)
    findings(buffer, "PP0301")
    -- Anywhere on the line of the finding will do.
    vim.api.nvim_win_set_cursor(0, { 1, 2 })
    vim.cmd("PyprepQuestion")
    local question = wait("another buffer", function()
      local current = vim.api.nvim_get_current_buf()
      return current ~= buffer and current
    end)
    has(text(question), "How do functions and default arguments work?")
    same(vim.bo[question].filetype, "markdown")
    same(vim.bo[question].modifiable, false)
    same(vim.fn.bufwinid(buffer) ~= -1, true)
    vim.cmd("silent only!")
  end },

  { ":PyprepAsk shows the own lines, and the answer below", function()
    local buffer = open("asked.py", ROUTE)
    findings(buffer, "PP0301")
    vim.cmd("PyprepAsk")
    wait("another buffer", function()
      return vim.api.nvim_get_current_buf() ~= buffer
    end)
    local page = text(0)
    for _, part in ipairs({ "asked.py, line 1", "def add_stop(stop, route=[]):", "Think first" }) do
      has(page, part)
    end
    same(page:find("asked.py", 1, true) < page:find("is a statement", 1, true), true)
    vim.cmd("silent only!")
  end },

  { ":PyprepGuide lists all, and gf follows its links", function()
    local buffer = open("guide.py", ROUTE)
    findings(buffer, "PP0301")
    vim.cmd("PyprepGuide")
    wait("another buffer", function()
      return vim.api.nvim_get_current_buf() ~= buffer
    end)
    has(text(0), "How do functions and default arguments work?")
    vim.fn.search("mutable-default-argument\\.md")
    vim.cmd("normal! gf")
    has(text(0), "# One list for every call")
    vim.cmd("silent only!")
  end },

  { ":PyprepLesson opens a window with the lesson of the line", function()
    local buffer = open("lesson.py", { "s = 'ä'; r = s is 'x'" })
    findings(buffer, "PP3001")
    -- Anywhere on the line will do.
    vim.api.nvim_win_set_cursor(0, { 1, 0 })
    vim.cmd("PyprepLesson")
    local float = wait("a floating window", floating)
    has(text(vim.api.nvim_win_get_buf(float)), "PP3001")
    vim.api.nvim_win_close(float, true)
  end },

  { "other servers of the buffer are left alone", function()
    local buffer = open("others.py", ROUTE)
    findings(buffer, "PP0301")
    local heard = {}
    local function other()
      return {
        request = function(method, _, answer)
          table.insert(heard, method)
          local all = { codeActionProvider = true, hoverProvider = true, executeCommandProvider = { commands = {} } }
          answer(nil, method == "initialize" and { capabilities = all } or vim.NIL)
          return true, #heard
        end,
        notify = function() end,
        is_closing = function() return false end,
        terminate = function() end,
      }
    end
    local id = vim.lsp.start({ name = "other", cmd = other })
    wait("the other server", function()
      return vim.lsp.buf_is_attached(buffer, id)
    end)
    vim.cmd("PyprepAsk")
    wait("another buffer", function()
      return vim.api.nvim_get_current_buf() ~= buffer
    end)
    vim.cmd("silent only!")
    vim.lsp.stop_client(id, true)
    same(vim.tbl_contains(heard, "workspace/executeCommand") or vim.tbl_contains(heard, "textDocument/codeAction"), false)
  end },

  { "where there is no finding, the commands say so", function()
    local buffer = open("clean.py", { "import os", "print(os.sep)" })
    findings(buffer)
    local said = {}
    local notify = vim.notify
    vim.notify = function(text)
      table.insert(said, text)
    end
    for _, command in ipairs({ "PyprepQuestion", "PyprepAsk", "PyprepLesson" }) do
      vim.cmd(command)
    end
    vim.notify = notify
    same(said, vim.fn["repeat"]({ "pyprep-lint: there is no finding on this line" }, 3))
  end },

  { "the help is found", function()
    for _, subject in ipairs({ "pyprep_lint", ":PyprepAsk", ":PyprepGuide", ":PyprepLesson", "pyprep_lint-settings" }) do
      vim.cmd.help(subject)
      has(vim.api.nvim_buf_get_name(0), "pyprep_lint.txt")
      vim.cmd("silent helpclose")
    end
  end },

  { "the code action on a finding opens its question", function()
    local buffer = open("ask.py", ROUTE)
    findings(buffer, "PP0301")
    vim.api.nvim_win_set_cursor(0, { 1, 25 })
    act(function(action)
      local command = type(action.command) == "table" and action.command.command or action.command
      return command == "pyprep-lint.openQuestion"
    end)
    wait("another buffer", function()
      return vim.api.nvim_get_current_buf() ~= buffer
    end)
    has(text(0), "How do functions and default arguments work?")
  end },

  { "settings hold at once", function()
    local buffer = open("settings.py", join(ROUTE, SIZE))
    findings(buffer, "PP0301", "PP3001")
    configure({ ignore = { "PP03" } })
    findings(buffer, "PP3001")
    configure({ severity = { PP3001 = "off", ["mutable-default-argument"] = "error" } })
    same(findings(buffer, "PP0301")[1].severity, vim.diagnostic.severity.ERROR)
    configure({ hover = { enable = false } })
    findings(buffer, "PP0301", "PP3001")
    wait("no hover", function()
      return hover(buffer, 0, 25) == nil
    end)
    configure(vim.empty_dict())
    wait("the hover again", function()
      return hover(buffer, 0, 25)
    end)
  end },

  { "the project's own configuration holds", function()
    local buffer = open("project/pyprep-lint.toml", { 'ignore = ["PP0301"]' })
    vim.api.nvim_buf_delete(buffer, {})
    findings(open("project/code.py", join(ROUTE, SIZE)), "PP3001")
    same(vim.lsp.get_clients({ bufnr = 0 })[1].root_dir, vim.fs.joinpath(scratch, "project"))
  end },

  { ":PyprepRestart leaves one server a folder", function()
    vim.cmd("silent %bwipeout!")
    local buffer = open("restart.py", ROUTE)
    findings(buffer, "PP0301")
    local before = servers()
    vim.cmd("PyprepRestart")
    wait("another server", function()
      local now = servers()
      return #now == 1 and not vim.tbl_contains(before, now[1])
    end)
    findings(buffer, "PP0301")
  end },

  { ":PyprepRestart brings back a server that was killed", function()
    local buffer = open("killed.py", ROUTE)
    findings(buffer, "PP0301")
    vim.uv.kill(servers()[1], "sigkill")
    wait("no server", function()
      return #servers() == 0 and not client()
    end)
    vim.cmd("PyprepRestart")
    wait("a server", function()
      return #servers() == 1
    end)
    vim.api.nvim_buf_set_lines(buffer, -1, -1, false, ROUTE)
    findings(buffer, "PP0301", "PP0301")
  end },

  { ":checkhealth names the binary and what it is running for", function()
    findings(open("health.py", ROUTE), "PP0301")
    vim.cmd("silent checkhealth pyprep_lint")
    has(text(0), "pyprep-lint: pyprep-lint ")
    has(text(0), "running for")
    if text(0):find("ERROR") then
      error(text(0), 0)
    end
    vim.cmd("silent bwipeout")
  end },

  { ":checkhealth says what to do without a binary", function()
    local cmd = vim.lsp.config.pyprep_lint.cmd
    vim.lsp.config("pyprep_lint", { cmd = { "/nowhere/pyprep-lint", "server" } })
    vim.cmd("silent checkhealth pyprep_lint")
    vim.lsp.config("pyprep_lint", { cmd = cmd })
    for _, part in ipairs({ "ERROR", "/nowhere/pyprep-lint", "Put pyprep-lint on PATH" }) do
      has(text(0), part)
    end
    vim.cmd("silent bwipeout")
  end },

  { "setup{} starts it as lazy.nvim has it, with settings", function()
    vim.lsp.enable("pyprep_lint", false)
    wait("no server", function()
      return #servers() == 0 and not client()
    end)
    require("pyprep_lint").setup({ settings = { ["pyprep-lint"] = { ignore = { "PP03" } } } })
    findings(open("lazy.py", join(ROUTE, SIZE)), "PP3001")
    require("pyprep_lint").setup({ settings = { ["pyprep-lint"] = { ignore = {} } } })
    vim.cmd("PyprepRestart")
    findings(vim.api.nvim_get_current_buf(), "PP0301", "PP3001")
  end },

  { "setup{} starts it as before 0.11, with settings from the first message on", function()
    vim.lsp.enable("pyprep_lint", false)
    wait("no server", function()
      return #servers() == 0 and not client()
    end)
    vim.lsp.config = nil
    require("pyprep_lint").setup({ settings = { ["pyprep-lint"] = { ignore = { "PP03" } } } })
    local buffer = open("older.py", join(ROUTE, SIZE))
    findings(buffer, "PP3001")
    vim.cmd("PyprepRestart")
    wait("a server", function()
      return #servers() == 1
    end)
    findings(buffer, "PP3001")
  end },
}

vim.opt.swapfile = false
vim.opt.hidden = true

local passed, failed = 0, 0
for _, test in ipairs(tests) do
  local name, run = unpack(test)
  if name:find(vim.env.PYPREP_TEST or "") then
    local fine, problem = xpcall(run, function(problem)
      return type(problem) == "string" and problem or vim.inspect(problem)
    end)
    passed = passed + (fine and 1 or 0)
    failed = failed + (fine and 0 or 1)
    io.stdout:write(fine and ("ok   %s\n"):format(name) or ("FAIL %s\n     %s\n"):format(name, problem))
  end
end
io.stdout:write(("%d passed, %d failed\n"):format(passed, failed))
vim.cmd(failed == 0 and passed > 0 and "qall!" or "cquit 1")
