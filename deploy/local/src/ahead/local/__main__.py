from ahead.local.cli import main

main()
