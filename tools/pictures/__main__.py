"""Draw the pictures of docs/receivers.md anew."""

from tools.pictures import FOLDER, pictures

FOLDER.mkdir(exist_ok=True)
for path, picture in pictures().items():
    path.write_text(picture, encoding="utf-8")
