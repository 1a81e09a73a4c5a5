; Joined into the NSIS installer by electron-builder: the service's task, its folders, and what lies beside the installer.
!define TILLWIRE_POWERSHELL '"$WINDIR\Sysnative\WindowsPowerShell\v1.0\powershell.exe" -NoProfile -NonInteractive -ExecutionPolicy Bypass'
!define TILLWIRE_RUN_KEY 'Software\Microsoft\Windows\CurrentVersion\Run'

; The agent that runs holds its files: it is ended before they are replaced. Killing it loses nothing.
!macro customInit
  IfFileExists "$INSTDIR\resources\install\uninstall.ps1" 0 tillwireNew
    nsExec::ExecToLog '${TILLWIRE_POWERSHELL} -File "$INSTDIR\resources\install\uninstall.ps1" -Program "$INSTDIR" -StopOnly'
    Pop $0
  tillwireNew:
!macroend

!macro customInstall
  SetRegView 64
  WriteRegStr HKLM "${TILLWIRE_RUN_KEY}" "Tillwire" '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" --hidden'
  nsExec::ExecToStack '${TILLWIRE_POWERSHELL} -File "$INSTDIR\resources\install\install.ps1" -Program "$INSTDIR" -From "$EXEDIR\."'
  Pop $0
  Pop $1
  DetailPrint "$1"
  ; Whoever rolls it out must see it: what follows would end with success.
  ${If} $0 != "0"
    MessageBox MB_OK|MB_ICONEXCLAMATION "$1" /SD IDOK
    SetErrorLevel 3
    Quit
  ${EndIf}
!macroend

; An update runs the older uninstaller too: it only ends the agent then, and the new installer registers it again.
!macro customUnInit
  ${If} ${isUpdated}
    nsExec::ExecToLog '${TILLWIRE_POWERSHELL} -File "$INSTDIR\resources\install\uninstall.ps1" -Program "$INSTDIR" -StopOnly'
    Pop $0
  ${Else}
    nsExec::ExecToStack '${TILLWIRE_POWERSHELL} -File "$INSTDIR\resources\install\uninstall.ps1" -Program "$INSTDIR"'
    Pop $0
    Pop $1
    ${If} $0 != "0"
      MessageBox MB_OK|MB_ICONEXCLAMATION "$1" /SD IDOK
    ${EndIf}
    SetRegView 64
    DeleteRegValue HKLM "${TILLWIRE_RUN_KEY}" "Tillwire"
  ${EndIf}
!macroend
