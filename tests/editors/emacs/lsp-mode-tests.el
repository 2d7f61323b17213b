;;; lsp-mode-tests.el --- pyprep-lint in Emacs with lsp-mode, configured as editors/README.md says  -*- lexical-binding: t -*-

(require 'pyprep-support)
(require 'lsp-mode)
(pyprep-eval-recipe 'lsp-mode)
;; `lsp-deferred' waits for a window to show the buffer; there is none.
(remove-hook 'python-mode-hook #'lsp-deferred)
(setq lsp-session-file (expand-file-name "lsp-session" (getenv "PYPREP_SCRATCH"))
      lsp-auto-guess-root t
      lsp-enable-suggest-server-download nil
      lsp-enable-snippet nil
      lsp-enable-file-watchers nil)

(defmacro pyprep-with-file (name text &rest body)
  "Run BODY in a buffer on a new file NAME with TEXT that lsp-mode manages."
  (declare (indent 2))
  `(progn
     (pyprep-visit ,name ,text)
     (unwind-protect (progn (lsp) ,@body)
       (pyprep-leave))))

(defun pyprep-found ()
  (gethash (buffer-file-name) (lsp-diagnostics)))

(defun pyprep-wait-for (&rest codes)
  "Wait until findings of exactly these CODES are there."
  (pyprep-wait (format "%s in %s" codes (buffer-string))
               (lambda () (equal codes (sort (mapcar (lambda (found) (lsp-get found :code)) (pyprep-found)) #'string<)))))

(ert-deftest findings-come-and-follow-what-is-typed ()
  (pyprep-with-file "lsp/typed.py" pyprep-route
    (pyprep-wait-for "PP0301")
    (goto-char (point-max))
    (insert "\n\n" pyprep-size)
    (pyprep-wait-for "PP0301" "PP3001")))

(ert-deftest the-hover-is-the-lesson ()
  (pyprep-with-file "lsp/hover.py" pyprep-route
    (pyprep-wait-for "PP0301")
    (search-forward "[")
    (backward-char)
    (let ((answer (lsp-request "textDocument/hover" (lsp--text-document-position-params))))
      (should (string-search "How do functions and default arguments work?" (lsp-get (lsp-get answer :contents) :value))))))

(ert-deftest a-fix-is-made ()
  (pyprep-with-file "lsp/fix.py" pyprep-size
    (pyprep-wait-for "PP3001")
    (search-forward " is ")
    (backward-char 2)
    (let ((offered (lsp-code-actions-at-point)))
      (lsp-execute-code-action (seq-find (lambda (action) (string-prefix-p "Compare" (lsp-get action :title))) offered)))
    (pyprep-wait "the fix" (lambda () (string-search "size == \"large\"" (buffer-string))))))
