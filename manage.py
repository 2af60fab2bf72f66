"""Django's command line for landgis; `script/manage` runs it in the right environment."""

import gc
import os
import sys

import django
from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "landgis.settings")
    gc.disable()  # all that the start makes stays: looking through it for garbage takes a tenth of the time
    django.setup()
    gc.freeze()
    gc.enable()
    execute_from_command_line(sys.argv)
