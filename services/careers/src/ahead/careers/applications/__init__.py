"""Applications, resumes, and the pipeline of an employer."""
