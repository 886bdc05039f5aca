"""The directory of local crisis resources: hotlines, centres, hospitals, clinics (在地資源)."""
