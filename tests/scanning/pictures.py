"""Pictures of codes as cameras see them, drawn here: sharp, slanted, noisy, dark, small, blurred."""

import cv2
import numpy as np
import qrcode
import zxingcpp
from numpy.typing import NDArray

Picture = NDArray[np.uint8]


def qr(text: str, *, module_px: int = 6) -> Picture:
    """A QR code with its quiet zone, black on white, drawn by `qrcode`."""
    drawing = qrcode.QRCode(border=4, error_correction=qrcode.constants.ERROR_CORRECT_M)
    drawing.add_data(text)
    drawing.make()
    matrix = np.array(drawing.get_matrix())
    return np.kron(np.where(matrix, 0, 255), np.ones((module_px, module_px))).astype(np.uint8)


def code128(text: str, *, module_px: int = 3, height: int = 120) -> Picture:
    """A Code 128 with its quiet zones."""
    return _bars(text, zxingcpp.BarcodeFormat.Code128, module_px, height)


def ean13(text: str, *, module_px: int = 3, height: int = 120) -> Picture:
    """A product's barcode."""
    return _bars(text, zxingcpp.BarcodeFormat.EAN13, module_px, height)


def _bars(text: str, barcode_format: zxingcpp.BarcodeFormat, module_px: int, height: int) -> Picture:
    line = np.array(zxingcpp.create_barcode(text, barcode_format).to_image(scale=1, add_quiet_zones=False))[0]
    line = np.pad(line, 10, constant_values=255)
    return np.repeat(np.tile(line, (height, 1)), module_px, axis=1).astype(np.uint8)


def in_view(
    code: Picture,
    *,
    size: tuple[int, int] = (1280, 720),
    scale: float = 1.0,
    angle: float = 0.0,
    slant: float = 0.0,
    blur: float = 0.0,
    noise: float = 0.0,
    light: float = 1.0,
    background: int = 150,
    seed: int = 0,
) -> Picture:
    """The code in the middle of a camera's grey picture.

    Args:
        size: width and height of the picture.
        scale: enlarges the code.
        angle: turns it, degrees.
        slant: perspective: how much shorter the far edge is, 0 to 1.
        blur: sigma of the blur, pixels.
        noise: sigma of the sensor's noise, grey levels.
        light: brightness, 1 is full.
        background: grey level of what is around.
        seed: of the noise.
    """
    width, height = size
    code_height, code_width = code.shape
    half_w, half_h = code_width * scale / 2, code_height * scale / 2
    corners = np.array([[-half_w, -half_h], [half_w, -half_h], [half_w, half_h], [-half_w, half_h]])
    corners[:2, 0] *= 1 - slant
    turn = np.deg2rad(angle)
    turned = corners @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    target = (turned + np.array([width / 2 + 0.37, height / 2 + 0.21])).astype(np.float32)
    source = np.array([[0, 0], [code_width, 0], [code_width, code_height], [0, code_height]], np.float32)
    view = cv2.warpPerspective(
        code.astype(np.float32), cv2.getPerspectiveTransform(source, target), size,
        flags=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=background,
    )  # fmt: skip
    if blur:
        view = cv2.GaussianBlur(view, (0, 0), blur)
    view = view * light
    if noise:
        view = view + np.random.default_rng(seed).normal(0, noise, view.shape)
    return np.clip(view, 0, 255).astype(np.uint8)


def phone(text: str) -> Picture:
    """A phone's screen as a wallet shows it: the Code 128 above, the QR below, some words and a dark frame."""
    screen = np.full((900, 520), 252, np.uint8)
    cv2.rectangle(screen, (0, 0), (519, 110), 120, -1)
    cv2.putText(screen, "Thanh toan", (150, 70), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 255, 3)
    bars = code128(text, module_px=3, height=130)
    screen[150 : 150 + bars.shape[0], (520 - bars.shape[1]) // 2 :][:, : bars.shape[1]] = bars
    square = qr(text, module_px=11)
    screen[340 : 340 + square.shape[0], (520 - square.shape[1]) // 2 :][:, : square.shape[1]] = square
    cv2.putText(screen, "Uu tien: so du", (130, 780), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 60, 2)
    return np.pad(screen, 24, constant_values=15)
