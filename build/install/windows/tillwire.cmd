@rem The command line of Tillwire.
@"%~dp0..\node\node.exe" "%~dp0..\agent\tillwire.js" %*
