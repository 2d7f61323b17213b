;;; eglot-tests.el --- pyprep-lint in Emacs with eglot, configured as editors/README.md says  -*- lexical-binding: t -*-

(require 'pyprep-support)
(require 'eglot)
(pyprep-eval-recipe 'eglot)
;; `eglot-ensure' waits for a command of the user, whom batch mode hasn't got.
(remove-hook 'python-mode-hook #'eglot-ensure)

(defun pyprep-connect ()
  (let ((eglot-sync-connect t))
    (apply #'eglot--connect (eglot--guess-contact))))

(defmacro pyprep-with-file (name text &rest body)
  "Run BODY in a buffer on a new file NAME with TEXT that eglot manages."
  (declare (indent 2))
  `(progn
     (pyprep-visit ,name ,text)
     (unwind-protect
         (progn
           (unless (eglot-current-server) (pyprep-connect))
           ,@body)
       (pyprep-leave))))

(defun pyprep-texts ()
  (mapcar #'flymake-diagnostic-text (sort (flymake-diagnostics) (lambda (a b) (< (flymake-diagnostic-beg a) (flymake-diagnostic-beg b))))))

(defun pyprep-wait-for (&rest codes)
  "Wait until Flymake shows findings of exactly these CODES, in the order of the text."
  (pyprep-wait (format "%s in %s" codes (buffer-string))
               (lambda ()
                 ;; Both happen when the user pauses, which batch mode doesn't know of.
                 (eglot--signal-textDocument/didChange)
                 (flymake-start)
                 (let ((texts (pyprep-texts)))
                   (and (= (length texts) (length codes))
                        (cl-every (lambda (code text) (string-match-p code text)) codes texts))))))

(defun pyprep-hover ()
  (let ((answer (jsonrpc-request (eglot--current-server-or-lose) :textDocument/hover (eglot--TextDocumentPositionParams))))
    (substring-no-properties (eglot--hover-info (plist-get answer :contents) (plist-get answer :range)))))

(ert-deftest findings-are-shown-with-severity-code-and-place ()
  (pyprep-with-file "shown.py" (concat pyprep-route pyprep-size)
    (pyprep-wait-for "PP0301" "PP3001")
    (goto-char (point-min))
    (search-forward "[]")
    (let ((found (car (flymake-diagnostics (1- (point))))))
      (should (eq (flymake-diagnostic-type found) 'eglot-warning))
      (should (= (flymake-diagnostic-beg found) (match-beginning 0)))
      (should (= (flymake-diagnostic-end found) (match-end 0)))
      (should (string-prefix-p "pyprep [PP0301]: `route`" (flymake-diagnostic-text found))))
    (search-forward " is ")
    (should (eq (flymake-diagnostic-type (car (flymake-diagnostics (- (point) 2)))) 'eglot-error))))

(ert-deftest places-are-right-behind-wide-characters ()
  (pyprep-with-file "wide.py" "def add_stop(stop=\"😀é\", route=[]):\n    route.append(stop)\n"
    (pyprep-wait-for "PP0301")
    (goto-char (point-min))
    (search-forward "[]")
    (should (= (flymake-diagnostic-beg (car (flymake-diagnostics))) (match-beginning 0)))))

(ert-deftest the-hover-is-the-lesson-and-links-to-the-question ()
  (pyprep-with-file "hover.py" pyprep-route
    (pyprep-wait-for "PP0301")
    (search-forward "[")
    (backward-char)
    (let ((lesson (pyprep-hover)))
      (dolist (part '("`route`" "`add_stop`" "Q03 How do functions and default arguments work?" "https://"))
        (should (string-search part lesson))))))

(ert-deftest findings-follow-what-is-typed ()
  (pyprep-with-file "typed.py" pyprep-route
    (pyprep-wait-for "PP0301")
    (goto-char (point-max))
    (insert "\n\n" pyprep-size)
    (pyprep-wait-for "PP0301" "PP3001")
    (goto-char (point-min))
    (search-forward "route=[]")
    (replace-match "route")
    (pyprep-wait-for "PP3001")))

(defun pyprep-choose (title)
  "Choose the code action at point that has TITLE in its title, as one does from the keyboard."
  (cl-letf ((last-nonmenu-event ?\r)
            ((symbol-function 'completing-read)
             (lambda (_prompt offered &rest _)
               (car (seq-find (lambda (action) (string-search title (car action))) offered)))))
    (eglot-code-actions (point) (point) "quickfix" t)))

(ert-deftest a-fix-is-made ()
  (pyprep-with-file "fix.py" pyprep-size
    (pyprep-wait-for "PP3001")
    (search-forward " is ")
    (backward-char 2)
    (pyprep-choose "==")
    (pyprep-wait "the fix" (lambda () (string-search "size == \"large\"" (buffer-string))))
    (pyprep-wait-for)))

(ert-deftest all-that-is-safe-is-fixed-at-once ()
  (pyprep-with-file "all.py" (concat pyprep-size pyprep-route (string-replace "large" "small" pyprep-size))
    (pyprep-wait-for "PP3001" "PP0301" "PP3001")
    (pyprep-lint-fix-all)
    (pyprep-wait-for "PP0301")))

(ert-deftest the-question-is-answered-in-short ()
  (let* (said (listen (lambda (text &rest values) (push (apply #'format-message (or text "") values) said))))
    (pyprep-with-file "question.py" pyprep-route
      (pyprep-wait-for "PP0301")
      (search-forward "[")
      (backward-char)
      (advice-add 'message :before listen)
      (unwind-protect
          (progn
            (pyprep-choose "Open the question")
            ;; What arrives together with an answer, Emacs 28 reads with the next one; as ElDoc asks all the time, so do we.
            (pyprep-wait "the answer" (lambda () (pyprep-hover) (seq-find (lambda (text) (string-search "Q03" text)) said))))
        (advice-remove 'message listen)))))

(ert-deftest settings-take-effect-without-a-restart ()
  (pyprep-with-file "settings.py" (concat pyprep-route pyprep-size)
    (pyprep-wait-for "PP0301" "PP3001")
    (let ((eglot-workspace-configuration '(:pyprep-lint (:ignore ["PP3001"]))))
      (setq-default eglot-workspace-configuration eglot-workspace-configuration)
      (eglot-signal-didChangeConfiguration (eglot-current-server))
      (pyprep-wait-for "PP0301"))
    (setq-default eglot-workspace-configuration '(:pyprep-lint (:teach "nudge")))
    (eglot-signal-didChangeConfiguration (eglot-current-server))
    (pyprep-wait-for "PP0301" "PP3001")
    (search-forward "[")
    (backward-char)
    (should (string-search "?" (car (split-string (pyprep-hover) "\n"))))
    (setq-default eglot-workspace-configuration '(:pyprep-lint (:teach "explain")))
    (eglot-signal-didChangeConfiguration (eglot-current-server))))

(ert-deftest it-works-again-when-the-server-was-killed ()
  (pyprep-with-file "killed.py" pyprep-route
    (pyprep-wait-for "PP0301")
    (let ((dead (eglot-current-server)) (eglot-autoreconnect nil))
      (kill-process (jsonrpc--process dead))
      (pyprep-wait "the end of the server" (lambda () (not (jsonrpc-running-p dead)))))
    (pyprep-connect)
    (pyprep-wait-for "PP0301")))

(ert-deftest it-ends-when-it-is-told ()
  (pyprep-with-file "end.py" pyprep-route
    (pyprep-wait-for "PP0301")
    (let ((process (jsonrpc--process (eglot-current-server))))
      (eglot-shutdown (eglot-current-server) nil 20)
      (pyprep-wait "the end of the process" (lambda () (not (process-live-p process)))))))
