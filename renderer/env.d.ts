// Lets the windows import style sheets and icons.
/// <reference types="vite/client" />
