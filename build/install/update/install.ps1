# Sets up what applies updates on Windows, outside of everything that an update replaces. Called by ..\install.ps1.
param([Parameter(Mandatory = $true)][string] $Program)
$ErrorActionPreference = 'Stop'
$task = 'Tillwire update'
$base = Join-Path $env:ProgramData 'Tillwire'
$guard = Join-Path $base 'update'
# By number: names of accounts are translated on Windows.
$system = '*S-1-5-18'; $administrators = '*S-1-5-32-544'; $service = '*S-1-5-19'; $users = '*S-1-5-32-545'

New-Item -ItemType Directory -Force -Path $guard | Out-Null
& "$env:SystemRoot\System32\icacls.exe" $guard /inheritance:r /grant:r "${system}:(OI)(CI)F" "${administrators}:(OI)(CI)F" `
  "${service}:(OI)(CI)RX" "${users}:(OI)(CI)RX" | Out-Null
if ($LASTEXITCODE -ne 0) { throw "The rights of $guard could not be set." }

# The first keys are the beginning of all trust: never replaced; later ones follow from them by signature.
$keys = Join-Path $guard 'keys.json'
if (-not (Test-Path -LiteralPath $keys)) {
  $found = @((Join-Path $base 'tillwire-update-keys.json'), (Join-Path $PSScriptRoot 'keys.json')) |
    Where-Object { Test-Path -LiteralPath $_ } | Select-Object -First 1
  if ($null -eq $found) {
    Write-Output "Updates: not set up, for there are no keys ($base\tillwire-update-keys.json)."
    return
  }
  Copy-Item -LiteralPath $found -Destination $keys
}

$settings = Join-Path $guard 'guard.json'
if (-not (Test-Path -LiteralPath $settings)) {
  $content = @{ data = (Join-Path $base 'data'); installer = 'nsis'; service = 'Tillwire agent' } | ConvertTo-Json
  # Without a byte order mark, which JSON does not know.
  [System.IO.File]::WriteAllText($settings, $content)
}
Copy-Item -Force -LiteralPath (Join-Path $PSScriptRoot 'apply.ps1') -Destination (Join-Path $guard 'apply.ps1')

$script = Join-Path $guard 'apply.ps1'
$powershell = "$env:SystemRoot\System32\WindowsPowerShell\v1.0\powershell.exe"
$action = New-ScheduledTaskAction -Execute $powershell `
  -Argument "-NoProfile -NonInteractive -ExecutionPolicy Bypass -File `"$script`" -Program `"$($Program.TrimEnd('\'))`""
$atStart = New-ScheduledTaskTrigger -AtStartup
$eachMinute = New-ScheduledTaskTrigger -Once -At (Get-Date '2026-01-01') -RepetitionInterval (New-TimeSpan -Minutes 1)
$principal = New-ScheduledTaskPrincipal -UserId 'S-1-5-18' -RunLevel Highest
$how = New-ScheduledTaskSettingsSet -MultipleInstances IgnoreNew -StartWhenAvailable -AllowStartIfOnBatteries `
  -DontStopIfGoingOnBatteries -ExecutionTimeLimit ([TimeSpan]::Zero)
Register-ScheduledTask -TaskName $task -Action $action -Trigger $atStart, $eachMinute -Principal $principal `
  -Settings $how -Force | Out-Null
Write-Output 'Updates: installed by themselves where the settings name an address.'
