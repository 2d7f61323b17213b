local commands = {
  PyprepLesson = { "lesson", "Show the lesson of the finding at the cursor" },
  PyprepAsk = { "ask", "Ask the question of the finding at the cursor about this code" },
  PyprepGuide = { "guide", "Open the list of all questions and rules" },
  PyprepQuestion = { "open_question", "Open the question of the finding at the cursor" },
  PyprepFixAll = { "fix_all", "Make all safe fixes of this file" },
  PyprepRestart = { "restart", "Restart pyprep-lint" },
}
for name, command in pairs(commands) do
  local run, about = unpack(command)
  vim.api.nvim_create_user_command(name, function()
    require("pyprep_lint")[run]()
  end, { desc = about })
end
