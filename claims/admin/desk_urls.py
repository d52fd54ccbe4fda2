"""The pages of the desk that belong to no one room. They stand before the rooms' own addresses."""

from django.contrib import admin
from django.urls import path

from claims.admin.mails import mails_page
from claims.admin.queue import queue_list, queue_page
from claims.admin.saved_filters import delete_filter, save_filter

urlpatterns = [
    path("queue/", admin.site.admin_view(queue_page), name="desk_queue"),
    path("queue/<slug:slug>/", admin.site.admin_view(queue_list), name="desk_queue_list"),
    path("filters/save/", admin.site.admin_view(save_filter), name="desk_filter_save"),
    path("filters/<int:pk>/delete/", admin.site.admin_view(delete_filter), name="desk_filter_delete"),
    path("mails/", admin.site.admin_view(mails_page), name="desk_mails"),
]
