# Runs the guard from a copy of its own, as SYSTEM: at start-up, and each minute where there is something to do.
param([Parameter(Mandatory = $true)][string] $Program)
$ErrorActionPreference = 'Stop'
$base = Join-Path $env:ProgramData 'Tillwire'
$guard = Join-Path $base 'update'
$own = Join-Path $guard 'program'
$ask = Join-Path $base 'data\updates\ask.json'
$state = Join-Path $guard 'state.json'

$isAtWork = (Test-Path -LiteralPath $state) -and ((Get-Content -Raw -LiteralPath $state) -match '"job": \{')
if (-not $isAtWork -and -not (Test-Path -LiteralPath $ask)) { exit 0 }

# A job that was cut off is ended by the guard that began it, whatever is installed meanwhile.
if (-not $isAtWork -or -not (Test-Path -LiteralPath (Join-Path $own 'node.exe'))) {
  $new = "$own.new"
  if (Test-Path -LiteralPath $new) { Remove-Item -Recurse -Force -LiteralPath $new }
  New-Item -ItemType Directory -Path $new | Out-Null
  Copy-Item -LiteralPath (Join-Path $Program 'resources\node\node.exe'), (Join-Path $Program 'resources\agent\guard.js') `
    -Destination $new
  [System.IO.File]::WriteAllText((Join-Path $new 'package.json'), '{ "type": "module" }')
  if (Test-Path -LiteralPath $own) { Remove-Item -Recurse -Force -LiteralPath $own }
  Move-Item -LiteralPath $new -Destination $own
}

$uninstall = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\*'
$installed = (Get-ItemProperty $uninstall -ErrorAction SilentlyContinue |
  Where-Object { $_.PSObject.Properties['DisplayName'] -and $_.DisplayName -like 'Tillwire*' } |
  Select-Object -First 1).DisplayVersion
& (Join-Path $own 'node.exe') (Join-Path $own 'guard.js') apply --folder $guard --installed $installed
exit $LASTEXITCODE
