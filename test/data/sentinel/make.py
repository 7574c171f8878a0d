#!/usr/bin/env python3
# Makes the fixtures of this folder with real programs. Not part of the tests: what it made is committed.
# Needs what README.md lists; argument: the folder to write to.
import base64, email.message, email.policy, email.utils, io, os, shutil, subprocess, sys, tarfile, tempfile, time, zipfile

S = "Sentinel Zebulon Quartermaine has glomerulonephritis 4711"
Z = "Zoë Müller-Łukasz"
OUT = os.path.abspath(sys.argv[1])
WORK = tempfile.mkdtemp()
os.chdir(WORK)
for folder in ("found", "encrypted", "picture"):
    os.makedirs(os.path.join(OUT, folder), exist_ok=True)


def put(name, data=None, folder="found"):
    """Writes data, or copies the file of that name in the work folder."""
    if data is None:
        shutil.copy(os.path.basename(name), os.path.join(OUT, folder, name))
    else:
        open(os.path.join(OUT, folder, name), "wb").write(data if isinstance(data, bytes) else data.encode())


def run(*args, **more):
    return subprocess.run(args, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, **more).stdout


def write(name, text):
    open(name, "wb").write(text if isinstance(text, bytes) else text.encode())


# --- LibreOffice
write("lo.html", f"<html><head><meta charset=utf-8><title>Report</title></head><body><h1>Report</h1><p>{S}</p><p>{Z}</p></body></html>")
write("lo.csv", f"Name,Text\n{Z},{S}\n")
write("lo.fodp", f'''<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"
 xmlns:presentation="urn:oasis:names:tc:opendocument:xmlns:presentation:1.0" office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.presentation">
<office:body><office:presentation><draw:page draw:name="page1"><draw:frame svg:width="20cm" svg:height="5cm" svg:x="1cm" svg:y="1cm"><draw:text-box><text:p>{S}</text:p><text:p>{Z}</text:p></draw:text-box></draw:frame>
<presentation:notes><draw:frame presentation:class="notes" svg:width="10cm" svg:height="5cm" svg:x="1cm" svg:y="8cm"><draw:text-box><text:p>Speaker notes</text:p></draw:text-box></draw:frame></presentation:notes></draw:page></office:presentation></office:body></office:document>''')
LO = ("soffice", f"-env:UserInstallation=file://{WORK}/profile", "--headless")


def convert(source, *targets, infilter=None):
    for target in targets:
        run(*LO, *((f"--infilter={infilter}",) if infilter else ()), "--convert-to", target, source)


convert("lo.html", "odt:writer8", infilter="HTML (StarWriter)")
os.rename("lo.odt", "writer.odt")
convert("writer.odt", "docx", "doc", "rtf", "pdf", "fodt")
for one in ("odt", "docx", "doc", "rtf", "pdf", "fodt"):
    put(f"writer.{one}")
os.rename("lo.csv", "calc.csv")
convert("calc.csv", "ods", "xlsx", "xls", infilter="CSV:44,34,76")
convert("calc.ods", "pdf", "fods")
for one in ("ods", "xlsx", "xls", "pdf", "fods"):
    put(f"calc.{one}")
os.rename("lo.fodp", "impress.fodp")
convert("impress.fodp", "odp", "pptx", "ppt", "pdf")
for one in ("odp", "pptx", "pdf"):
    put(f"impress.{one}")
put("impress.ppt.gz", run("gzip", "-9nc", "impress.ppt"))  # mostly zeros

# --- LibreOffice by UNO: locked documents
server = subprocess.Popen([*LO, "--norestore", "--accept=socket,host=127.0.0.1,port=28123;urp;"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
import uno
from com.sun.star.beans import NamedValue, PropertyValue

resolver = uno.getComponentContext().ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
for _ in range(60):
    try:
        context = resolver.resolve("uno:socket,host=127.0.0.1,port=28123;urp;StarOffice.ComponentContext")
        break
    except Exception:
        time.sleep(0.5)
desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
prop = lambda name, value: PropertyValue(Name=name, Value=value)
# What the program's own dialog passes on for OOXML, where a plain password is passed over.
lock = uno.Any("[]com.sun.star.beans.NamedValue", (NamedValue(Name="OOXPassword", Value="secret"), NamedValue(Name="CryptoType", Value="Standard")))
LOCKED = (
    ("writer.odt", "locked.docx", "MS Word 2007 XML"), ("writer.odt", "locked.odt", "writer8"), ("writer.odt", "locked.doc", "MS Word 97"),
    ("calc.ods", "locked.xlsx", "Calc MS Excel 2007 XML"), ("calc.ods", "locked.ods", "calc8"), ("calc.ods", "locked.xls", "MS Excel 97"),
    ("impress.odp", "locked.pptx", "Impress MS PowerPoint 2007 XML"), ("impress.odp", "locked.odp", "impress8"),
)
for source, target, kind in LOCKED:
    document = desktop.loadComponentFromURL(f"file://{WORK}/{source}", "_blank", 0, (prop("Hidden", True),))
    document.storeToURL(f"file://{WORK}/{target}", (prop("FilterName", kind), prop("EncryptionData", lock) if target.endswith("x") else prop("Password", "secret")))
    document.close(True)
    put(target, folder="encrypted")
try:
    desktop.terminate()
except Exception:
    pass
server.wait()

# --- python-docx, openpyxl, xlwt, odfpy
import docx, openpyxl, xlwt
from openpyxl.comments import Comment

document = docx.Document()
document.add_paragraph("Nothing here")
document.sections[0].header.paragraphs[0].text = S
document.save("header.docx")
put("header.docx")
document = docx.Document()
paragraph = document.add_paragraph()
for i in range(0, len(S), 3):  # runs split inside words
    paragraph.add_run(S[i : i + 3]).bold = i % 2 == 0
document.save("runs.docx")
put("runs.docx")
document = docx.Document()
document.add_table(1, 2).rows[0].cells[1].text = S
document.core_properties.author = Z
document.save("table.docx")
put("table.docx")
book = openpyxl.Workbook()
book.active["A1"] = "Nothing here"
sheet = book.create_sheet("Second")
sheet["C7"] = S
sheet.sheet_state = "hidden"
book.save("hidden-sheet.xlsx")
put("hidden-sheet.xlsx")
book = openpyxl.Workbook()
book.active["A1"] = 1
book.active["A1"].comment = Comment(S, Z)
book.save("comment.xlsx")
put("comment.xlsx")
book = openpyxl.Workbook()
book.active.title = "Sheet one"
book.properties.title = S
book.save("property.xlsx")
put("property.xlsx")
book = xlwt.Workbook()
book.add_sheet("one").write(3, 3, S)
book.save("xlwt.xls")
put("xlwt.xls")
from odf.opendocument import OpenDocumentText, OpenDocumentSpreadsheet
from odf.text import P
from odf import table as odf_table

text = OpenDocumentText()
text.text.addElement(P(text=S))
text.save("odfpy.odt")
put("odfpy.odt")
calc = OpenDocumentSpreadsheet()
one = odf_table.Table(name="T")
row = odf_table.TableRow()
cell = odf_table.TableCell()
cell.addElement(P(text=S))
row.addElement(cell)
one.addElement(row)
calc.spreadsheet.addElement(one)
calc.save("odfpy.ods")
put("odfpy.ods")

# --- PDF: Ghostscript, qpdf, reportlab, pypdf
write("page.ps", f"%!PS\n/Helvetica findfont 12 scalefont setfont 72 700 moveto ({S}) show showpage\n")
run("ps2pdf", "page.ps", "ghostscript.pdf")
put("ghostscript.pdf")
run("qpdf", "--object-streams=generate", "--compress-streams=y", "writer.pdf", "qpdf-object-streams.pdf")
put("qpdf-object-streams.pdf")
run("qpdf", "--qdf", "--object-streams=disable", "ghostscript.pdf", "qpdf-plain.pdf")
put("qpdf-plain.pdf")
run("qpdf", "--linearize", "ghostscript.pdf", "qpdf-linearized.pdf")
put("qpdf-linearized.pdf")
for bits, more in (("256", ()), ("128", ("--use-aes=y",)), ("40", ())):
    weak = ("--allow-weak-crypto",) if bits != "256" else ()
    run("qpdf", *weak, "--encrypt", "user", "owner", bits, *more, "--", "ghostscript.pdf", f"user-{bits}.pdf")
    put(f"user-{bits}.pdf", folder="encrypted")
    # Without a user password anybody's reader opens it.
    run("qpdf", *weak, "--encrypt", "", "owner", bits, *more, "--", "ghostscript.pdf", f"owner-{bits}.pdf")
    put(f"owner-{bits}.pdf")
write("inside.txt", f"{S}\n")
from reportlab.pdfgen import canvas
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

page = canvas.Canvas("reportlab.pdf")
pdfmetrics.registerFont(TTFont("DejaVu", "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"))
page.setFont("DejaVu", 12)
page.drawString(72, 700, S)
page.drawString(72, 680, Z)
page.showPage()
page.save()
put("reportlab.pdf")
page = canvas.Canvas("blank.pdf")
page.drawString(72, 700, "Nothing here")
page.save()
page = canvas.Canvas("form.pdf")
page.drawString(72, 700, "Form")
page.acroForm.textfield(name="patient", value=S, x=72, y=600, width=400, height=20)
page.save()
put("form.pdf")
from pypdf import PdfWriter
from pypdf.annotations import FreeText

writer = PdfWriter(clone_from="blank.pdf")
writer.add_annotation(0, FreeText(text=S, rect=(50, 550, 300, 650)))
writer.write("annotation.pdf")
put("annotation.pdf")
writer = PdfWriter(clone_from="blank.pdf")
writer.add_metadata({"/Subject": S})
writer.write("property.pdf")
put("property.pdf")
run("qpdf", "blank.pdf", "--add-attachment", "inside.txt", "--", "attached-text.pdf")
put("attached-text.pdf")
run("qpdf", "blank.pdf", "--add-attachment", "ghostscript.pdf", "--", "attached-pdf.pdf")
put("attached-pdf.pdf")
run("qpdf", "blank.pdf", "--add-attachment", "writer.docx", "--", "attached-docx.pdf")
put("attached-docx.pdf")

# --- archives
write("a.txt", f"{S}\n{Z}\n")
os.makedirs("folder", exist_ok=True)
shutil.copy("a.txt", "folder/Zoë.txt")
for name, args in (("deflate", ("-9",)), ("stored", ("-0",)), ("zip64", ("-fz",)), ("bzip2", ("-Z", "bzip2"))):
    run("zip", "-q", "-X", *args, f"{name}.zip", "a.txt")
    put(f"{name}.zip")
put("stream.zip", run("zip", "-q", "-", "-", stdin=open("a.txt")))
for method in ("Deflate64", "LZMA", "PPMd"):
    run("7z", "a", "-bd", "-tzip", f"-mm={method}", f"7z-{method.lower()}.zip", "a.txt")
    put(f"7z-{method.lower()}.zip")
memory = io.BytesIO()
with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
    archive.write("writer.docx", "Ärzte/letter.docx")
    archive.writestr("note.txt", "see letter")
put("python-docx-inside.zip", memory.getvalue())
memory = io.BytesIO()
with zipfile.ZipFile(memory, "w") as archive:
    archive.writestr(f"{S}.txt", "name only")
put("name.zip", memory.getvalue())
run("zip", "-q", "-P", "secret", "zipcrypto.zip", "a.txt")
put("zipcrypto.zip", folder="encrypted")
run("7z", "a", "-bd", "-tzip", "-mem=AES256", "-psecret", "aes.zip", "a.txt")
put("aes.zip", folder="encrypted")
for name, args in (("lzma2", ()), ("lzma", ("-m0=LZMA",)), ("ppmd", ("-m0=PPMd",)), ("bzip2", ("-m0=BZip2",)), ("copy", ("-mx=0",)), ("deflate", ("-m0=Deflate",))):
    run("7z", "a", "-bd", *args, f"{name}.7z", "a.txt", "writer.docx")
    put(f"{name}.7z")
run("7z", "a", "-bd", "-psecret", "content.7z", "a.txt")
put("content.7z", folder="encrypted")
run("7z", "a", "-bd", "-psecret", "-mhe=on", "header.7z", "a.txt")
put("header.7z", folder="encrypted")
for form in ("ustar", "gnu", "posix", "v7"):
    run("tar", f"--format={form}", "--owner=0", "--group=0", "-cf", f"{form}.tar", "a.txt")
    put(f"{form}.tar.gz", run("gzip", "-9n", "-c", f"{form}.tar"))
write("ustar.tar", open("ustar.tar", "rb").read().rstrip(b"\0") + b"\0" * 2048)
put("ustar.tar")
long = f"{'long-name-' * 15}.txt"
shutil.copy("a.txt", long)
run("tar", "--format=gnu", "-czf", "gnu-long.tgz", long)
put("gnu-long.tgz")
run("tar", "--format=posix", "-czf", "pax-long.tgz", "folder", long)
put("pax-long.tgz")
put("text.gz", run("gzip", "-9", "-c", "a.txt"))
put("two-members.gz", run("gzip", "-nc", input=b"Nothing here\n") + run("gzip", "-nc", "a.txt"))
put("text.bz2", run("bzip2", "-c", "a.txt"))
put("text.xz", run("xz", "-c", "a.txt"))
put("text.zst", run("zstd", "-q", "-c", "a.txt"))
run("tar", "-cJf", "text.tar.xz", "a.txt")
put("text.tar.xz")
run("tar", "-cjf", "text.tar.bz2", "a.txt")
put("text.tar.bz2")

# --- mail by Python's email package; S/MIME by openssl, PGP by gpg
def mail(**headers):
    message = email.message.EmailMessage(policy=email.policy.SMTP)
    message["From"], message["To"] = "ann@clinic.example", "bob@lab.example"
    message["Subject"], message["Date"] = headers.get("subject", "Report"), "Fri, 27 Nov 2026 10:00:00 +0000"
    message["Message-ID"] = "<1@clinic.example>"
    return message


CHARSETS = """us-ascii utf-8 utf-16 utf-16le utf-16be utf-7 iso-8859-1 iso-8859-2 iso-8859-3 iso-8859-4 iso-8859-5 iso-8859-6 iso-8859-7 iso-8859-8
iso-8859-9 iso-8859-10 iso-8859-13 iso-8859-14 iso-8859-15 iso-8859-16 windows-1250 windows-1251 windows-1252 windows-1253 windows-1254 windows-1255
windows-1256 windows-1257 windows-1258 koi8-r koi8-u macintosh ibm437 ibm850 ibm852 ibm866 gb2312 gbk gb18030 big5 euc-jp shift_jis iso-2022-jp euc-kr
iso-2022-kr hz-gb-2312 utf-32 utf-32le utf-32be tis-620 windows-874 cp949 cp932 big5-hkscs""".split()
OTHER = {"iso-8859-5": "Зебулон Квартермейн", "windows-1251": "Зебулон Квартермейн", "koi8-r": "Зебулон Квартермейн", "koi8-u": "Зебулон Квартермейн", "ibm866": "Зебулон Квартермейн",
         "iso-8859-7": "Ζεβουλών", "windows-1253": "Ζεβουλών", "iso-8859-8": "זבולון", "windows-1255": "זבולון", "iso-8859-6": "زبولون", "windows-1256": "زبولون",
         "gb2312": "患者名单", "gbk": "患者名单", "hz-gb-2312": "患者名单", "big5": "病人名單", "big5-hkscs": "病人名單", "euc-jp": "患者の名簿", "shift_jis": "患者の名簿", "cp932": "患者の名簿", "iso-2022-jp": "患者の名簿", "euc-kr": "환자 명단", "cp949": "환자 명단", "iso-2022-kr": "환자 명단",
         "tis-620": "ผู้ป่วย", "windows-874": "ผู้ป่วย"}
PYTHON = {"macintosh": "mac_roman", "hz-gb-2312": "hz", "windows-874": "cp874", "tis-620": "tis_620"}
lines = []
for charset in CHARSETS:
    codec = PYTHON.get(charset, charset)
    letters = OTHER.get(charset, Z)
    try:
        text = f"{S}\r\n{letters}\r\n"
        body = text.encode(codec)
    except UnicodeEncodeError:
        letters = "Zoë Müller"
        try:
            body = f"{S}\r\n{letters}\r\n".encode(codec)
        except UnicodeEncodeError:
            letters = S
            body = f"{S}\r\n".encode(codec)
    lines.append(f"{charset}\t{letters}\t{base64.b64encode(body).decode()}")
put("../charsets.tsv", "\n".join(lines) + "\n")

for cte in ("7bit", "8bit", "quoted-printable", "base64"):
    message = mail()
    message.set_content(f"{S}\n" + ("" if cte == "7bit" else f"{Z}\n"), cte=cte)
    message.add_alternative(f"<p>{S[:20]}<b>{S[20:]}</b></p>", subtype="html", cte="quoted-printable" if cte == "7bit" else cte)
    put(f"python-{cte}.eml", message.as_bytes())
message = mail(subject=f"{S} {Z}")
message.set_content("Nothing here\n")
put("python-subject.eml", message.as_bytes())
message = mail()
message.set_content("Nothing here\n")
message.add_attachment(b"name only", maintype="application", subtype="octet-stream", filename=f"{S} {Z}.bin.txt")
put("python-filename.eml", message.as_bytes())
message = mail()
message.set_content("See attached\n")
for name, kind in (("writer.docx", "vnd.openxmlformats-officedocument.wordprocessingml.document"), ("blank.pdf", "pdf"), ("deflate.zip", "zip")):
    message.add_attachment(open(name, "rb").read(), maintype="application", subtype=kind, filename=name)
put("python-attachments.eml", message.as_bytes())
inner = message
message = mail()
message.set_content("Forwarded\n")
message.add_attachment(inner)
put("python-forwarded.eml", message.as_bytes())
for name, more in (("uuencode", ()), ("uuencode-base64", ("-m",))):
    put(f"{name}.eml", b"From: ann@clinic.example\r\nSubject: uu\r\n\r\nSee below\r\n\r\n" + run("uuencode", *more, "a.txt", "a.txt").replace(b"\n", b"\r\n"))
write("body.txt", f"{S}\n{Z}\n")
run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "cert.pem", "-subj", "/CN=ann@clinic.example", "-days", "30000")
part = mail()
part.set_content(f"{S}\n{Z}\n", cte="quoted-printable")
write("part.eml", part.as_bytes())
HEAD = ("-from", "ann@clinic.example", "-to", "bob@lab.example", "-subject", "Report")
for cipher in ("-aes256", "-des3"):
    run("openssl", "smime", "-encrypt", cipher, *HEAD, "-in", "part.eml", "-out", f"smime{cipher}.eml", "cert.pem")
    put(f"smime{cipher}.eml", folder="encrypted")
run("openssl", "cms", "-encrypt", "-aes-256-gcm", *HEAD, "-in", "part.eml", "-out", "cms-gcm.eml", "-recip", "cert.pem")
put("cms-gcm.eml", folder="encrypted")
run("openssl", "smime", "-encrypt", "-aes256", "-outform", "DER", "-in", "part.eml", "-out", "smime.p7m", "cert.pem")
put("smime.p7m", folder="encrypted")
run("openssl", "smime", "-sign", *HEAD, "-signer", "cert.pem", "-inkey", "key.pem", "-in", "part.eml", "-out", "smime-signed.eml")
put("smime-signed.eml")
run("openssl", "smime", "-sign", "-nodetach", *HEAD, "-signer", "cert.pem", "-inkey", "key.pem", "-in", "part.eml", "-out", "smime-opaque.eml")
put("smime-opaque.eml")
os.makedirs("gnupg", mode=0o700, exist_ok=True)
GPG = ("gpg", "--homedir", f"{WORK}/gnupg", "--batch", "--yes", "--pinentry-mode", "loopback", "--passphrase", "")
run(*GPG, "--quick-generate-key", "ann@clinic.example", "default", "default", "never")
run(*GPG, "-ae", "-r", "ann@clinic.example", "--trust-model", "always", "-o", "armored.asc", "part.eml")
run(*GPG, "-e", "-r", "ann@clinic.example", "--trust-model", "always", "-o", "binary.gpg", "writer.docx")
run("gpg", "--homedir", f"{WORK}/gnupg", "--batch", "--yes", "--pinentry-mode", "loopback", "--passphrase", "secret", "-c", "-o", "symmetric.gpg", "a.txt")
for name in ("armored.asc", "binary.gpg", "symmetric.gpg"):
    put(name, folder="encrypted")
armored = open("armored.asc").read().replace("\n", "\r\n")
message = "\r\n".join(["From: ann@clinic.example", "Subject: ...", "MIME-Version: 1.0", 'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="=-b-1"', "",
    "--=-b-1", "Content-Type: application/pgp-encrypted", "", "Version: 1", "--=-b-1", 'Content-Type: application/octet-stream; name="encrypted.asc"', 'Content-Disposition: inline; filename="encrypted.asc"', "", armored, "--=-b-1--", ""])
put("pgp-mime.eml", message, folder="encrypted")
put("pgp-inline.eml", f"From: ann@clinic.example\r\nSubject: inline\r\n\r\n{armored}", folder="encrypted")
run(*GPG, "--clearsign", "-o", "clear.asc", "body.txt")
put("pgp-clearsigned.eml", "From: ann@clinic.example\r\nSubject: signed\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + open("clear.asc").read().replace("\n", "\r\n"))
run(*GPG, "-s", "-z", "6", "-o", "pgp-signed.gpg", "a.txt")
put("pgp-signed.gpg")

# --- calendar, card, HL7, DICOM
import icalendar, vobject, datetime, hl7, pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian

calendar = icalendar.Calendar()
event = icalendar.Event()
event.add("summary", "Visit")
event.add("description", f"{S}\n{Z}")
event.add("dtstart", datetime.datetime(2026, 11, 27, 10))
calendar.add_component(event)
put("icalendar.ics", calendar.to_ical())
card = vobject.vCard()
card.add("fn").value = Z
card.add("n").value = vobject.vcard.Name(family="Müller", given="Zoë")
card.add("note").value = S
put("vobject.vcf", card.serialize())
segments = hl7.parse("MSH|^~\\&|LAB|CLINIC|EHR|CLINIC|20261127||ORU^R01|1|P|2.5.1|||||USA|UNICODE UTF-8\rPID|1||4711^^^CLINIC^MR||Quartermaine^Zebulon\rOBX|1|TX|1^Note||x\r")
segments[2][5] = S
put("hl7.hl7", str(segments))
for name, syntax in (("explicit", ExplicitVRLittleEndian), ("implicit", ImplicitVRLittleEndian), ("big-endian", ExplicitVRBigEndian), ("deflated", DeflatedExplicitVRLittleEndian)):
    data = Dataset()
    data.file_meta = FileMetaDataset()
    data.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    data.file_meta.MediaStorageSOPInstanceUID = "1.2.3.4"
    data.file_meta.TransferSyntaxUID = syntax
    data.SOPClassUID, data.SOPInstanceUID, data.Modality = "1.2.840.10008.5.1.4.1.1.7", "1.2.3.4", "OT"
    data.SpecificCharacterSet, data.PatientName, data.PatientID = "ISO_IR 192", "Müller-Łukasz^Zoë", "4711"
    data.PatientComments = S
    data.is_little_endian, data.is_implicit_VR = name != "big-endian", name == "implicit"
    data.save_as(f"{name}.dcm", enforce_file_format=True)
    put(f"{name}.dcm")
run("pdf2dcm", "ghostscript.pdf", "pdf2dcm.dcm")
put("pdf2dcm.dcm")

# --- pictures of the sentence
run("gs", "-q", "-dBATCH", "-dNOPAUSE", "-sDEVICE=pnggray", "-r120", "-g800x200", "-o", "text.png", "-c", f"/Helvetica findfont 14 scalefont setfont 20 60 moveto ({S}) show showpage")
from PIL import Image

picture = Image.open("text.png").convert("L")
put("text.png", folder="picture")
for name, more in (("text.jpg", {"quality": 80}), ("text.tiff", {"compression": "tiff_lzw"}), ("text.gif", {}), ("text.bmp", {}), ("text.pdf", {"resolution": 120})):
    (picture.convert("1") if name.endswith("bmp") else picture).save(name, **more)
    put(name if name != "text.pdf" else "scan.pdf", open(name, "rb").read(), folder="picture")
picture.convert("1").save("g4.tiff", compression="group4")
put("g4.tiff", folder="picture")
shutil.rmtree(WORK)
