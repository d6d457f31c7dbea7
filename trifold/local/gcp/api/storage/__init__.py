"""Cloud Storage: an emulator keeps the bytes; versions, generations, preconditions, labels and policies are ours."""
