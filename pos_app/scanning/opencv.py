"""The one door to OpenCV: every other module takes `cv2` from here, and none calls a window function of it.

OpenCV's desktop build brings a Qt of its own and points two variables at it; both are dropped at once, so that the
till's Qt never looks there.
"""

import os

# OpenCV reads the first two while it is imported.
os.environ.setdefault("OPENCV_LOG_LEVEL", "SILENT")
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
os.environ.setdefault("OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS", "0")  # Windows: else many webcams take long to open

import cv2

for _variable in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR"):
    os.environ.pop(_variable, None)

cv2.setNumThreads(1)  # the small pictures of a till gain nothing from more, and the waiting threads spin

__all__ = ["cv2"]
