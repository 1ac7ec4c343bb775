/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SPARSEGRAPH_ERROR_H
#define SPARSEGRAPH_ERROR_H

/** @file error.h  How every call of sparsegraph says whether it worked, and why not. */

#ifdef __cplusplus
#define SG_BEGIN_DECLS extern "C" {
#define SG_END_DECLS   }
#else
#define SG_BEGIN_DECLS
#define SG_END_DECLS
#endif

#if defined(__GNUC__)
#define SG_API          __attribute__((visibility("default")))
#define SG_CHECKED      __attribute__((warn_unused_result))
#define SG_PRINTF(f, a) __attribute__((format(printf, f, a)))
#else
#define SG_API
#define SG_CHECKED
#define SG_PRINTF(f, a)
#endif

SG_BEGIN_DECLS

/** What became of a call. SG_OK is 0, so `if (sg_x(...))` reads "if it failed". */
typedef enum sg_status {
    SG_OK = 0,       /**< done; the outputs are written */
    SG_ENOMEM,       /**< the memory could not be had */
    SG_EINVAL,       /**< an argument or setting lies outside its domain */
    SG_EFORMAT,      /**< a file's content is not what its format promises */
    SG_ENOTFOUND,    /**< no such file, data set, network, measure or key */
    SG_EUNSUPPORTED, /**< valid, but of a kind that this version does not read or do */
    SG_EIO,          /**< the system refused to read, write, fork or rename */
    SG_EWORKER,      /**< a worker process died; the message names its item */
    SG_EINTERRUPTED, /**< the caller asked to stop; what was promised is saved */
} sg_status;

enum { SG_ERROR_MESSAGE_MAX = 512 };

/** Caller-owned account of a failure. Zero-initialise it; untouched on success. */
typedef struct sg_error {
    sg_status status;
    /** One line for a person: no capital, no full stop, names the file and the remedy. */
    char message[SG_ERROR_MESSAGE_MAX];
} sg_error;

/** Returns a short English name of a status, never NULL. Thread-safe. */
SG_API const char *sg_status_name(sg_status status);

/** Releases memory that the library handed to the caller as a string or plain array; NULL is
 * allowed. */
SG_API void sg_free(void *block);

/** Returns the version of the library, e.g. "0.1.0". Thread-safe. */
SG_API const char *sg_version(void);

SG_END_DECLS

#endif
