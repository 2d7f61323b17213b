-- What `vim.lsp.enable("pyprep_lint")` starts; change it with `vim.lsp.config("pyprep_lint", { … })`.
return require("pyprep_lint").config
