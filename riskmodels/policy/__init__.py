"""What is decided on a book's parties: hard rules of admission, decisions on applications, changed grades."""
