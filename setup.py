"""What pyproject.toml cannot say: `resources/` lies beside the code in a wheel, where pos_app/resources.py looks."""

from setuptools import find_packages, setup

FILES = "pos_app.resource_files"

setup(
    packages=[*find_packages(include=["pos_app*"]), FILES],
    package_dir={FILES: "resources"},
    package_data={FILES: ["**/*"]},
    exclude_package_data={FILES: ["**/*.py"]},
)
