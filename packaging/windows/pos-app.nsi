; The Windows installer. Compiled by build.sh: makensis -DVERSION= -DPAYLOAD= -DOUT= -DKIBIBYTES= pos-app.nsi
; setup.exe /S installs without a question, uninstall.exe /S removes; the data of the till (%LOCALAPPDATA%\pos-app) stay.
Unicode true
Target amd64-unicode
ManifestDPIAware true
!include "MUI2.nsh"
!include "WinVer.nsh"

!define NAME "pos-app"
!define TITLE "Máy thu tiền quét mã"
!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\${NAME}"

Name "${TITLE} ${VERSION}"
OutFile "${OUT}"
InstallDir "$PROGRAMFILES64\${NAME}"
InstallDirRegKey HKLM "${KEY}" "InstallLocation"
RequestExecutionLevel admin
BrandingText "${NAME} ${VERSION}"
VIProductVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "${NAME}"
VIAddVersionKey "FileDescription" "Scan-to-pay till"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "LegalCopyright" "Apache-2.0"

!define MUI_ICON "${PAYLOAD}/pos-app.ico"
!define MUI_UNICON "${PAYLOAD}/pos-app.ico"
!define MUI_FINISHPAGE_RUN "$INSTDIR\python\pythonw.exe"
!define MUI_FINISHPAGE_RUN_PARAMETERS "-m pos_app"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "Vietnamese"
!insertmacro MUI_LANGUAGE "English"

LangString OLD_WINDOWS ${LANG_VIETNAMESE} "Cần Windows 10 bản 1703 trở lên, 64 bit."
LangString OLD_WINDOWS ${LANG_ENGLISH} "Windows 10 version 1703 or newer is needed, 64 bit."
LangString IN_USE ${LANG_VIETNAMESE} "Chương trình đang mở. Hãy đóng nó rồi thử lại."
LangString IN_USE ${LANG_ENGLISH} "The program is open. Close it and try again."

; Only folders of ours are ever removed: whoever installed into a folder with other things keeps them.
!macro REMOVE_PROGRAM
  RMDir /r "$INSTDIR\python"
  RMDir /r "$INSTDIR\site"
  RMDir /r "$INSTDIR\licences"
  Delete "$INSTDIR\pos-app.cmd"
  Delete "$INSTDIR\pos-app.ico"
!macroend

; A file of a running program cannot be opened for writing.
!macro REFUSE_WHILE_OPEN
  ${If} ${FileExists} "$INSTDIR\python\python311.dll"
    ClearErrors
    FileOpen $0 "$INSTDIR\python\python311.dll" a
    ${If} ${Errors}
      MessageBox MB_OK|MB_ICONEXCLAMATION "$(IN_USE)" /SD IDOK
      SetErrorLevel 3
      Quit
    ${EndIf}
    FileClose $0
  ${EndIf}
!macroend

Function .onInit
  SetRegView 64
  ${IfNot} ${AtLeastWin10}
    MessageBox MB_OK|MB_ICONSTOP "$(OLD_WINDOWS)" /SD IDOK
    SetErrorLevel 2
    Quit
  ${EndIf}
FunctionEnd

Function un.onInit
  SetRegView 64
  !insertmacro REFUSE_WHILE_OPEN
FunctionEnd

Section
  SetShellVarContext all
  !insertmacro REFUSE_WHILE_OPEN
  !insertmacro REMOVE_PROGRAM
  SetOutPath "$INSTDIR"
  File /r "${PAYLOAD}/*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortCut "$SMPROGRAMS\${TITLE}.lnk" "$INSTDIR\python\pythonw.exe" "-m pos_app" "$INSTDIR\pos-app.ico"
  WriteRegStr HKLM "${KEY}" "DisplayName" "${TITLE}"
  WriteRegStr HKLM "${KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKLM "${KEY}" "DisplayIcon" "$INSTDIR\pos-app.ico"
  WriteRegStr HKLM "${KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKLM "${KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKLM "${KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKLM "${KEY}" "EstimatedSize" ${KIBIBYTES}
  WriteRegDWORD HKLM "${KEY}" "NoModify" 1
  WriteRegDWORD HKLM "${KEY}" "NoRepair" 1
SectionEnd

Section "Uninstall"
  SetShellVarContext all
  !insertmacro REMOVE_PROGRAM
  Delete "$SMPROGRAMS\${TITLE}.lnk"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  DeleteRegKey HKLM "${KEY}"
SectionEnd
