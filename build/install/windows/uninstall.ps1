# Ends the agent and takes its task away. The data folder always stays, and it is said whether the PC can be wiped.
param(
  [Parameter(Mandatory = $true)][string] $Program,
  # Ends the agent so that its files can be replaced; the task stays.
  [switch] $StopOnly
)
$ErrorActionPreference = 'Stop'
$task = 'Tillwire agent'
$again = 'Tillwire agent again'
$data = Join-Path $env:ProgramData 'Tillwire\data'
$node = Join-Path $Program 'resources\node\node.exe'

function Test-SafeToWipe {
  if (-not (Test-Path -LiteralPath (Join-Path $data 'identity.json'))) { return $true }
  if (-not (Test-Path -LiteralPath $node)) { return $false }
  & $node (Join-Path $Program 'resources\agent\tillwire.js') safe-to-wipe --data $data | Out-Host
  return $LASTEXITCODE -eq 0
}

# An installer that breaks off must not leave a store without its agent: after ten minutes, or at the next start of the
# PC, the task may run again. install.ps1 takes this away.
function Set-Again {
  $action = New-ScheduledTaskAction -Execute "$env:SystemRoot\System32\schtasks.exe" -Argument "/Change /TN `"$task`" /ENABLE"
  $triggers = @((New-ScheduledTaskTrigger -Once -At (Get-Date).AddMinutes(10)), (New-ScheduledTaskTrigger -AtStartup))
  $principal = New-ScheduledTaskPrincipal -UserId 'S-1-5-18' -RunLevel Highest
  $settings = New-ScheduledTaskSettingsSet -StartWhenAvailable -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries
  Register-ScheduledTask -TaskName $again -Action $action -Trigger $triggers -Principal $principal -Settings $settings `
    -Force | Out-Null
}

try {
  $found = Get-ScheduledTask -TaskName $task -ErrorAction SilentlyContinue
  # Asked while the agent may still run; whatever can't be found out counts as not safe.
  $safe = $true
  if (-not $StopOnly) { try { $safe = Test-SafeToWipe } catch { $safe = $false } }
  $updates = Join-Path $Program 'resources\install\update\uninstall.ps1'
  if (-not $StopOnly -and (Test-Path -LiteralPath $updates)) { try { & $updates } catch { Write-Output $_ } }
  if ($null -ne $found) {
    # Else the minute's look starts it in between, and its files are in use.
    if ($StopOnly -and $found.State -ne 'Disabled') { Set-Again; Disable-ScheduledTask -TaskName $task | Out-Null }
    Stop-ScheduledTask -TaskName $task
    if (-not $StopOnly) { Unregister-ScheduledTask -TaskName $task -Confirm:$false }
  }
  if (-not $StopOnly) {
    Unregister-ScheduledTask -TaskName $again -Confirm:$false -ErrorAction SilentlyContinue
  }
  # A program that runs can't be replaced: until its process is gone.
  for ($i = 0; $i -lt 50; $i++) {
    $left = Get-Process -Name node -ErrorAction SilentlyContinue | Where-Object { $_.Path -eq $node }
    if (-not $left) { break }
    Start-Sleep -Milliseconds 200
  }
  if ($StopOnly) { exit 0 }
  if ($safe) { Write-Output "Removed. The data stays in $data."; exit 0 }
  Write-Output "Removed, but this PC is NOT SAFE TO WIPE: keep $data. It holds sales that head office may not have."
  exit 3
} catch {
  Write-Output "Not removed: $($_.Exception.Message)"
  exit 1
}
