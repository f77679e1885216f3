"""The tools of this project: documents made from the code, and trials with Backend.AI's own programs."""
