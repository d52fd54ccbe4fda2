"""The editor's desk: django.contrib.admin, one file a room."""

from django.contrib import admin

from claims.admin import contradictions, corrections, history, reports, speakers, statements, topics

admin.site.site_header = "Rashomon desk"
admin.site.site_title = "Rashomon desk"
admin.site.index_title = "The desk"
# Its room is needed: for the captured text beside the form, for the columns of the lists.
admin.site.enable_nav_sidebar = False

__all__ = ["contradictions", "corrections", "history", "reports", "speakers", "statements", "topics"]
