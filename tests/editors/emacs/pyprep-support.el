;;; pyprep-support.el --- what the tests of both clients share  -*- lexical-binding: t -*-

(require 'ert)
(require 'cl-lib)
(package-initialize)

(defconst pyprep-patience 60 "How many seconds to wait for what must come.")

(defconst pyprep-route "def add_stop(stop, route=[]):\n    route.append(stop)\n    return route\n")
(defconst pyprep-size "def is_large(size: str):\n    return size is \"large\"\n")

(defun pyprep-eval-recipe (client)
  "Evaluate the block of editors/README.md that speaks of CLIENT, as a user's init file would."
  (with-temp-buffer
    (insert-file-contents "editors/README.md")
    (search-forward (format "with-eval-after-load '%s" client))
    (search-backward "```elisp\n")
    (forward-line)
    (let ((start (point)))
      (search-forward "\n```")
      (eval-region start (match-beginning 0)))))

(defun pyprep-wait (what probe)
  "Wait until PROBE returns something else than nil, and return that; WHAT says what for."
  (let ((until (+ (float-time) pyprep-patience)) answer)
    (while (not (setq answer (funcall probe)))
      (when (> (float-time) until)
        (error "Waited %d s in vain: %s" pyprep-patience what))
      (accept-process-output nil 0.05))
    answer))

(defun pyprep-visit (name text)
  "Visit a new file NAME with TEXT in the scratch folder."
  (let ((file (expand-file-name name (getenv "PYPREP_SCRATCH"))))
    (make-directory (file-name-directory file) t)
    (write-region text nil file nil 'quiet)
    (find-file file)))

(defun pyprep-leave ()
  "Kill the buffer, whatever was changed in it."
  (set-buffer-modified-p nil)
  (kill-buffer))

(provide 'pyprep-support)
