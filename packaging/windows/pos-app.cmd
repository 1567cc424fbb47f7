@"%~dp0python\python.exe" -m pos_app %*
