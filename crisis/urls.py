from crisis.directory import urls as of_directory
from crisis.profiles import urls as of_profiles
from crisis.sheet import urls as of_sheet

urlpatterns = [*of_directory.urlpatterns, *of_profiles.urlpatterns, *of_sheet.urlpatterns]
