/* A plugin of QEMU's, which QEMU loads by the file's name: nothing of it is called from here. */
