;; Starts `provlab lsp' for XML files by Eglot, which is part of Emacs 29 and a package for older ones.
;; Put it into your init file; `M-x eglot' starts it by hand.
(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs '((nxml-mode xml-mode) . ("provlab" "lsp"))))
(add-hook 'nxml-mode-hook #'eglot-ensure)
