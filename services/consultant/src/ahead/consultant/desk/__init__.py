"""The experts' desk: the queue, a thread, and answering it."""
