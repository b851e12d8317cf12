"""The development of an overdue model, judged: a trial on later invoices, endings, censoring, uncertainty."""
