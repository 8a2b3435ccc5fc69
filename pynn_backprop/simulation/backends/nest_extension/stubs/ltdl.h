// NEST's headers name this type of libltdl but an extension never uses it.
#pragma once
typedef struct lt__handle* lt_dlhandle;
