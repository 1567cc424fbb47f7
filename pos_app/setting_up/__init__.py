"""Setting a till up, at its first start and afterwards: which pages there are, what each tries out. No screen is here.

- `pages`: the table of the pages and their fields; every setting has its place there, or is named as in the file only.
- `fields`: what was typed → settings, each mistake in one sentence at its field.
- `trials`: what a page's test button does, answered in words; `restoring`: a backup put back.
- `standing`: what is here already, and what it lacks.
"""
