//! What a coder makes: scheme, marks, edits, history, the file and its journal.
