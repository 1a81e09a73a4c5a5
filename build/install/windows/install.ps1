# Registers the store agent as a task that starts with the PC, and makes its folders. Run again at any time.
param(
  # Folder of the program, which holds "resources".
  [Parameter(Mandatory = $true)][string] $Program,
  # Folder that may hold tillwire-enrolment.json and tillwire-settings.json: that of the installer.
  [string] $From = '',
  # Folder of the second copy, best on another disk; kept from an earlier installation where it is left out.
  [string] $Mirror = '',
  # The tills' address on this PC is http://127.0.0.1 with this port; 0 keeps that of an earlier installation, else 7070.
  [ValidateRange(0, 65535)][int] $Port = 0
)
$ErrorActionPreference = 'Stop'
$task = 'Tillwire agent'
$base = Join-Path $env:ProgramData 'Tillwire'
$data = Join-Path $base 'data'
$window = Join-Path $base 'window'
# By number: names of accounts are translated on Windows.
$system = '*S-1-5-18'; $administrators = '*S-1-5-32-544'; $service = '*S-1-5-19'; $users = '*S-1-5-32-545'

function Set-Rights([string] $Folder, [string[]] $Rights) {
  New-Item -ItemType Directory -Force -Path $Folder | Out-Null
  & "$env:SystemRoot\System32\icacls.exe" $Folder /inheritance:r /grant:r $Rights | Out-Null
  if ($LASTEXITCODE -ne 0) { throw "The rights of $Folder could not be set." }
}

function Copy-Beside([string] $Name, [string] $Target) {
  if ($From -eq '') { return }
  $found = Join-Path $From $Name
  if (-not (Test-Path -LiteralPath $found -PathType Leaf)) { return }
  Copy-Item -LiteralPath $found -Destination "$Target.part" -Force
  Move-Item -LiteralPath "$Target.part" -Destination $Target -Force
  Write-Output "$Name taken from $From."
}

# What an earlier installation was told, and this one is not.
function Get-Before([string] $Pattern) {
  $before = Get-ScheduledTask -TaskName $task -ErrorAction SilentlyContinue
  if ($null -ne $before -and $before.Actions[0].Arguments -match $Pattern) { return $Matches[0] }
  return ''
}

function Get-MirrorOption {
  if ($Mirror -ne '') { return " --mirror `"$Mirror`"" }
  return Get-Before ' --mirror "[^"]*"'
}

function Get-Port {
  if ($Port -ne 0) { return "$Port" }
  $before = (Get-Before '--port \d+') -replace '\D', ''
  if ($before -ne '') { return $before }
  return '7070'
}

try {
  foreach ($part in 'agent\tillwire.js', 'node\node.exe', 'hashes.json') {
    if (-not (Test-Path -LiteralPath (Join-Path $Program "resources\$part"))) {
      throw "The program is not whole, $part is missing. Run the installer again."
    }
  }
  Set-Rights $base @("${system}:(OI)(CI)F", "${administrators}:(OI)(CI)F", "${service}:RX", "${users}:RX")
  # Keys and sales: for the service and for administrators only.
  Set-Rights $data @("${system}:(OI)(CI)F", "${administrators}:(OI)(CI)F", "${service}:(OI)(CI)M")
  # How a window finds the agent: whoever may log in to this PC may open the window.
  Set-Rights $window @("${system}:(OI)(CI)F", "${administrators}:(OI)(CI)F", "${service}:(OI)(CI)M", "${users}:(OI)(CI)RX")
  if ($Mirror -ne '') {
    Set-Rights $Mirror @("${system}:(OI)(CI)F", "${administrators}:(OI)(CI)F", "${service}:(OI)(CI)M")
  }
  Copy-Beside 'tillwire-settings.json' (Join-Path $data 'settings.json')
  if (-not (Test-Path -LiteralPath (Join-Path $data 'identity.json'))) {
    Copy-Beside 'tillwire-enrolment.json' (Join-Path $data 'enrolment.json')
  }

  $escape = { param($text) [System.Security.SecurityElement]::Escape($text) }
  $xml = (Get-Content -Raw -LiteralPath (Join-Path $Program 'resources\install\tillwire-agent.xml')).
    Replace('%PROGRAM%', (& $escape $Program.TrimEnd('\'))).
    Replace('%DATA%', (& $escape $base)).
    Replace('%PORT%', (Get-Port)).
    Replace('%MORE%', (& $escape (Get-MirrorOption)))
  Register-ScheduledTask -TaskName $task -Xml $xml -Force | Out-Null
  $named = @('identity.json', 'enrolment.json') | Where-Object { Test-Path -LiteralPath (Join-Path $data $_) }
  if ($named) {
    Enable-ScheduledTask -TaskName $task | Out-Null
    Start-ScheduledTask -TaskName $task
    Write-Output 'The agent runs and starts with this PC.'
  } else {
    # It would be started each minute and end each time.
    Disable-ScheduledTask -TaskName $task | Out-Null
    Write-Output "The agent starts once the store is named: put tillwire-enrolment.json beside the installer and run it again."
  }
  # Only an installation that broke off needs it (uninstall.ps1).
  Unregister-ScheduledTask -TaskName "$task again" -Confirm:$false -ErrorAction SilentlyContinue
  # What applies updates; without it the agent runs all the same.
  $updates = Join-Path $Program 'resources\install\update\install.ps1'
  if (Test-Path -LiteralPath $updates) {
    try { & $updates -Program $Program } catch { Write-Output 'Updates could not be set up: update this PC by hand.' }
  }
  exit 0
} catch {
  Write-Output "Not installed: $($_.Exception.Message)"
  exit 1
}
