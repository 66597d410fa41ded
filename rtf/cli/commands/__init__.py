"""The commands, one file each: flags in, calls of `rtf.workspace`, views out."""
