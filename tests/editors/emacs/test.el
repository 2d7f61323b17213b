;;; test.el --- eglot with the configuration of editors/README.md  -*- lexical-binding: t -*-
;;; Commentary:
;; run.sh has loaded that configuration.  Nobody sits at a batch Emacs, so what follows idleness is called here by its name.
;;; Code:

(require 'eglot)
(require 'cl-lib)

(defconst patience 60)
(defconst route "def add_stop(stop, route=[]):\n    route.append(stop)\n    return route\n")
(defconst size "def is_large(size: str):\n    return size is \"large\"\n")

(defvar said "" "What Emacs has said in the echo area.")
(advice-add 'message :before (lambda (text &rest values) (setq said (concat said (apply #'format (or text "") values)))))

(defun wait-until (what probe)
  "Ask PROBE until it answers, and give that; fail with WHAT after a while."
  (let ((end (+ (float-time) patience)) answer)
    (while (not (setq answer (funcall probe)))
      (when (> (float-time) end)
        (error "Waited %d s in vain: %s" patience what))
      (accept-process-output nil 0.05))
    answer))

(defun open-file (name text)
  "Open a new file NAME with TEXT in a buffer that eglot manages."
  (let ((file (expand-file-name name (getenv "PYPREP_SCRATCH"))))
    (write-region text nil file nil 'silent)
    (switch-to-buffer (find-file-noselect file))
    (unless (eglot-managed-p)
      (if (eglot-current-server)
          (eglot--maybe-activate-editing-mode)
        (apply #'eglot--connect (eglot--guess-contact))))
    (wait-until "eglot manages the buffer" #'eglot-managed-p)))

(defun codes ()
  "The codes of the findings of the buffer, sorted."
  (eglot--signal-textDocument/didChange)
  (flymake-start nil)
  (sort (delq nil (mapcar (lambda (finding)
                            (let ((text (flymake-diagnostic-text finding)))
                              (and (string-match "PP[0-9]\\{4\\}" text) (match-string 0 text))))
                          (flymake-diagnostics)))
        #'string<))

(defun wants (&rest wanted)
  "Wait until the buffer has findings of exactly the codes WANTED."
  (wait-until (format "findings %s" wanted) (lambda () (equal (codes) wanted))))

(defun has (whole part)
  "Fail unless WHOLE has PART in it."
  (unless (and whole (string-match-p (regexp-quote part) whole))
    (error "Wanted %S in:\n%s" part whole)))

(defun lesson ()
  "What eglot shows of the finding at point."
  (let ((answer (jsonrpc-request (eglot--current-server-or-lose) :textDocument/hover (eglot--TextDocumentPositionParams)
                                 :timeout patience)))
    (and answer (eglot--hover-info (plist-get answer :contents) (plist-get answer :range)))))

(defun choose (kind title)
  "Choose the code action of KIND at point that has TITLE in its title."
  (cl-letf ((last-nonmenu-event ?x) ; not by mouse
            ((symbol-function 'completing-read)
             (lambda (_prompt actions &rest _)
               (or (car (cl-find-if (lambda (action) (string-match-p (regexp-quote title) (car action))) actions))
                   (error "No action %S among %S" title (mapcar #'car actions))))))
    (eglot-code-actions (point) nil kind t)))

(defun at (text)
  "Go to the first TEXT."
  (goto-char (point-min))
  (search-forward text)
  (goto-char (match-beginning 0)))

(defconst tests
  `(("findings appear, and follow what is typed"
     ,(lambda ()
        (open-file "type.py" route)
        (wants "PP0301")
        (goto-char (point-max))
        (insert size)
        (wants "PP0301" "PP3001")
        (erase-buffer)
        (wants)))
    ("the lesson is told in the reader's names"
     ,(lambda ()
        (open-file "lesson.py" route)
        (wants "PP0301")
        (at "[]")
        (let ((lesson (lesson)))
          (dolist (part '("route" "add_stop" "route.append(stop)" "line 2"))
            (has lesson part)))))
    ("a code action mends the code"
     ,(lambda ()
        (open-file "action.py" size)
        (wants "PP3001")
        (at "is \"large\"")
        (choose "quickfix" "==")
        (wants)
        (has (buffer-string) "size == \"large\"")))
    ("pyprep-lint-fix-all mends all that is safe"
     ,(lambda ()
        (open-file "fixall.py" (concat size route size))
        (wants "PP0301" "PP3001" "PP3001")
        (pyprep-lint-fix-all)
        (wants "PP0301")))
    ("the question of a finding is answered in short, with the place of its page"
     ,(lambda ()
        (open-file "question.py" route)
        (wants "PP0301")
        (at "[]")
        (choose "quickfix" "Open the question")
        ;; What arrives together with an answer, Emacs 28 reads with the next one; as ElDoc asks all the time, so do we.
        (has (wait-until "the answer" (lambda () (lesson) (and (string-match-p "Q03\\.md" said) said))) "statement")))
    ("settings hold at once"
     ,(lambda ()
        (open-file "settings.py" (concat route size))
        (wants "PP0301" "PP3001")
        (setq-default eglot-workspace-configuration '(:pyprep-lint (:ignore ["PP03"])))
        (eglot-signal-didChangeConfiguration (eglot-current-server))
        (wants "PP3001")
        (setq-default eglot-workspace-configuration '(:pyprep-lint (:teach "explain")))
        (eglot-signal-didChangeConfiguration (eglot-current-server))
        (wants "PP0301" "PP3001")))))

(let ((passed 0) (failed 0))
  (dolist (test tests)
    (when (string-match-p (or (getenv "PYPREP_TEST") "") (car test))
      (condition-case problem
          (progn
            (funcall (cadr test))
            (setq passed (1+ passed))
            (princ (format "ok   %s\n" (car test))))
        (error
         (setq failed (1+ failed))
         (princ (format "FAIL %s\n     %s\n" (car test) (error-message-string problem)))))
      (set-buffer-modified-p nil)))
  (princ (format "%d passed, %d failed\n" passed failed))
  (kill-emacs (if (and (= failed 0) (> passed 0)) 0 1)))
