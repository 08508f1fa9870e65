"""QR codes as SVG, for pages and documents alike."""

from __future__ import annotations

import qrcode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.image.svg import SvgPathImage


def qr_svg(words: str) -> str:
    """A QR code that still reads with a seventh of it lost.

    Args:
        words: what it says, such as an address.
    """
    made = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=2, image_factory=SvgPathImage)
    made.add_data(words)
    made.make(fit=True)
    return str(made.make_image().to_string(encoding="unicode"))
