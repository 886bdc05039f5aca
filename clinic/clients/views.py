"""Pages of clients and of whom to call for them."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.cases.access import in_case_state, people_visible_to, with_cases
from clinic.clients import actions
from clinic.clients.forms import ClientFilter, HistoryFilter, NewClientForm
from clinic.clients.scope import OfClient, OfContact
from clinic.kernel import access
from clinic.kernel.audit.history import entries_about
from clinic.kernel.audit.models import AuditQuerySet
from clinic.kernel.columns import cells_of, columns_for
from clinic.kernel.list_filters import kept
from clinic.kernel.pages import DetailPage, DoPage, FormPage, HistoryPage, ListPage
from clinic.kernel.panels import panels_for
from clinic.kernel.roles import CLINICAL
from clinic.kernel.undo import offer_undo
from clinic.people.forms import EmergencyContactForm, PersonForm
from clinic.people.safe_contact import safe_contact_words


class ClientList(ListPage):
    """Clients of the reader, with search and filters."""

    policy = access.roles(*CLINICAL)
    template_name = "clients/list.html"
    filter_form = ClientFilter
    context_object_name = "people"

    def get_queryset(self):
        chosen, user = self.get_filters(), self.request.user
        people = in_case_state(people_visible_to(user), user, chosen.get("state", ""))
        if text := chosen.get("q"):
            people = people.found_by(text)
        people = kept("clients", people, user, chosen, timezone.now())
        people = people.sorted_by(chosen.get("sort", ""))
        return with_cases(people, user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        chosen = self.filters.cleaned_data
        searched = any(value for name, value in chosen.items() if name != "sort")
        context = super().get_context_data(searched=searched, **kwargs)
        people = list(context["people"])
        columns = columns_for("clients", people, self.request.user, timezone.now())
        rows = [(person, cells_of(person, columns)) for person in people]
        return context | {"rows": rows, "columns": columns}


class ClientAdd(FormPage):
    policy = access.roles(*CLINICAL)
    title = _("Add a client")
    intro = _("Name, sex and birth date are enough to begin. The rest can follow.")
    submit_label = _("Add the client")
    saved_message = _("The client was added.")
    form_class = NewClientForm
    template_name = "clients/form.html"

    def act(self, form) -> Any:
        return actions.register_client(
            values=form.values,
            another=form.cleaned_data["another"],
            by=self.request.user,
            now=timezone.now(),
        )

    def get_success_url(self) -> str:
        return reverse("client", args=[self.done.pk])

    def cancel_url(self) -> str:
        return reverse("client_list")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        back = {"back_url": self.cancel_url(), "back_label": _("Clients")}
        return super().get_context_data(**back, **kwargs)


class ClientPage(OfClient, DetailPage):
    """Everything about one client that her counsellor needs at hand."""

    template_name = "clients/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        parts = self.person.seen_parts
        return super().get_context_data(
            panels=panels_for("client", self.person, self.request.user, timezone.now()),
            parts=parts,
            may_open_case=not any(
                part.case.counsellor == self.request.user and part.case.closed_at is None
                for part in parts
            ),
            safe_words=safe_contact_words(self.person),
            **self._kept() | kwargs,
        )

    def _kept(self) -> dict[str, Any]:
        """Contacts and places, apart what is no longer used."""
        contacts, places = self.person.emergency_contacts.all(), self.person.places.all()
        return {
            "contacts": self.person.contacts_in_use,
            "ended_contacts": [contact for contact in contacts if contact.ended_at],
            "places": self.person.places_in_use,
            "ended_places": [place for place in places if place.ended_at],
        }


class ClientChange(OfClient, FormPage):
    of_record = True
    title = _("Change the client's particulars")
    saved_message = _("Saved.")
    form_class = PersonForm
    template_name = "clients/form.html"

    def get_initial(self) -> dict[str, Any]:
        return PersonForm.initial_of(self.person)

    def act(self, form) -> Any:
        return actions.change_client(
            person=self.person, values=form.values, by=self.request.user, now=timezone.now()
        )


class ContactAdd(OfClient, FormPage):
    title = _("Add an emergency contact")
    saved_message = _("The emergency contact was added.")
    form_class = EmergencyContactForm
    template_name = "clients/form.html"

    def act(self, form) -> Any:
        return actions.add_contact(
            person=self.person,
            values=form.cleaned_data,
            by=self.request.user,
            now=timezone.now(),
        )


class ContactChange(OfContact, FormPage):
    of_record = True
    title = _("Change the emergency contact")
    saved_message = _("Saved.")
    form_class = EmergencyContactForm
    template_name = "clients/form.html"

    def get_initial(self) -> dict[str, Any]:
        return EmergencyContactForm.initial_of(self.contact)

    def act(self, form) -> Any:
        return actions.change_contact(
            contact=self.contact,
            values=form.cleaned_data,
            by=self.request.user,
            now=timezone.now(),
        )


class ContactEnd(OfContact, DoPage):
    """No longer use an emergency contact; the next page offers the way back."""

    def act(self) -> str:
        actions.end_contact(contact=self.contact, by=self.request.user, now=timezone.now())
        undo = reverse("contact_restore", args=[self.person.pk, self.contact.pk])
        offer_undo(self.request, _("The emergency contact is no longer used."), undo)
        return self.get_success_url()

    def back(self) -> str:
        return self.get_success_url()


class ContactRestore(OfContact, DoPage):
    def act(self) -> str:
        actions.restore_contact(contact=self.contact, by=self.request.user, now=timezone.now())
        undo = reverse("contact_end", args=[self.person.pk, self.contact.pk])
        offer_undo(self.request, _("The emergency contact is used again."), undo)
        return self.get_success_url()

    def back(self) -> str:
        return self.get_success_url()


class HistoryOfClients(HistoryPage):
    """A history that shows on demand who looked, too: of what only who works with her may see."""

    filter_form = HistoryFilter

    def get_queryset(self) -> AuditQuerySet:
        looked = self.get_filters().get("show") == "all"
        return self.entries() if looked else self.entries().changes()


class ClientHistory(OfClient, HistoryOfClients):
    title = _("History of the client's file")

    def entries(self) -> AuditQuerySet:
        kept = (*self.person.emergency_contacts.all(), *self.person.places.all())
        return entries_about(self.person, *kept)
