"""Checking a document, and fetching one."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views import View
from django.views.generic import FormView

from clinic.kernel import access
from clinic.kernel.audit.actions import note_read
from clinic.kernel.documents.forms import VerifyForm
from clinic.kernel.documents.models import find_readable
from clinic.kernel.documents.verify import verify_in_turn
from clinic.kernel.files.serving import download
from clinic.kernel.files.store import read_file


class VerifyPage(FormView):
    """Anyone may ask whether a file is a document of this clinic."""

    policy = access.PUBLIC
    template_name = "documents/verify.html"
    form_class = VerifyForm
    http_method_names = ["get", "head", "post", "options"]

    def form_valid(self, form: VerifyForm) -> HttpResponse:
        verdict = verify_in_turn(form.cleaned_data["file"].read())
        return self.render_to_response(self.get_context_data(form=VerifyForm(), verdict=verdict))


class DocumentPage(View):
    """The sealed PDF as a download; until there is one, a page that says how far it is."""

    policy = access.STAFF
    html = False
    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        document = find_readable(code, request.user)
        if document is None:
            raise Http404
        if document.state != document.State.SEALED:
            return render(request, "documents/waiting.html", {"document": document}, status=202)
        content = read_file(document.file)
        note_read(subject=document, by=request.user, now=timezone.now())
        name = f"{document.title} {document.code}.pdf"
        return download(content, kind=document.file.kind, name=name)
