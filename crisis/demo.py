"""The demo's part of crisis: each part of the app tells its own story."""

from clinic.demo.parts import demo_part
from crisis.directory.story import fill_directory
from crisis.profiles.demo_part import crisis_profiles

demo_part(fill_directory)
demo_part(crisis_profiles)
